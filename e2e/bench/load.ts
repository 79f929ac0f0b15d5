import { Pool } from 'undici';

/**
 * Posts over kept-alive connections, as its own process, and prints answers per second. Arguments: address, seconds or
 * `each`, connections, file. For some seconds the file's text again and again; `each`: every line of it once.
 */
const [address = '', howLong = '5', connections = '32', file = ''] = process.argv.slice(2);
const { readFileSync } = await import('node:fs');
const text = readFileSync(file, 'utf8');
const url = new URL(address);
const pool = new Pool(url.origin, { connections: Number(connections), pipelining: 1 });
const started = performance.now();
let answers = 0;

function* bodies(): Generator<string, void> {
  if (howLong === 'each') yield* text.split('\n');
  else for (const until = started + Number(howLong) * 1_000; performance.now() < until; ) yield text;
}

const queue = bodies();
await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    for (const body of queue) {
      const answer = await pool.request({
        path: url.pathname,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
      answers += 1;
    }
  }),
);
console.log(JSON.stringify({ perSecond: (answers * 1_000) / (performance.now() - started) }));
process.exit(0);
