import { readFileSync } from 'node:fs';
import { Pool } from 'undici';

/**
 * Posts a file's text at a steady rate until its input closes, as its own process, and prints how often each status
 * was answered. Arguments: address, posts a second, file.
 */
const [address = '', rate = '1000', file = ''] = process.argv.slice(2);
const body = readFileSync(file, 'utf8');
const url = new URL(address);
const pool = new Pool(url.origin, { connections: 64, pipelining: 1 });
const statuses: Record<string, number> = {};
const TICK_MS = 10;
const started = performance.now();
let sent = 0;

async function post(): Promise<void> {
  const answer = await pool.request({
    path: url.pathname,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  await answer.body.dump();
  statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1;
}

const ticking = setInterval(() => {
  const due = ((performance.now() - started) / 1_000) * Number(rate);
  for (; sent < due; sent += 1)
    post().catch(() => {
      statuses.lost = (statuses.lost ?? 0) + 1;
    });
}, TICK_MS);

process.stdin.resume().on('end', () => {
  clearInterval(ticking);
  const seconds = (performance.now() - started) / 1_000;
  console.log(JSON.stringify({ statuses, seconds }));
  process.exit(0);
});
