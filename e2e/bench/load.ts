import { Pool } from 'undici';

/**
 * Posts the same body again and again over kept-alive connections, as its own process, and prints answers per second.
 * Arguments: address, seconds, connections, file with the body.
 */
const [address = '', seconds = '5', connections = '32', file = ''] = process.argv.slice(2);
const { readFileSync } = await import('node:fs');
const body = readFileSync(file, 'utf8');
const url = new URL(address);
const pool = new Pool(url.origin, { connections: Number(connections), pipelining: 1 });
const until = performance.now() + Number(seconds) * 1_000;
let answers = 0;

await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    while (performance.now() < until) {
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
console.log(JSON.stringify({ perSecond: answers / Number(seconds) }));
process.exit(0);
