import { doCryptoAtOnce } from '../world/crypto-at-once.ts';
import { Database } from '../world/database.ts';
import { runSeed } from './run-seed.ts';

doCryptoAtOnce();
const database = await Database.open();
const [from = 1, count = 1, trace] = process.argv.slice(2).map(Number);
const reached = new Map<string, number>();
let bad = 0;
const start = performance.now();
const cpu = process.cpuUsage();
let lasted = 0,
  events = 0;
for (let seed = from; seed < from + count; seed += 1) {
  const outcome = await runSeed(database, seed, trace ? { trace: (line) => console.log(line) } : {});
  lasted += outcome.lastedMs;
  events += outcome.events;
  for (const r of outcome.reached) reached.set(r, (reached.get(r) ?? 0) + 1);
  if (outcome.violations.length) {
    bad += 1;
    if (bad <= 25) console.log(seed, outcome.violations.slice(0, 3));
  }
}
const used = process.cpuUsage(cpu);
console.log({
  bad,
  count,
  ms: (performance.now() - start) / count,
  cpu: (used.user + used.system) / 1000 / count,
  lasted: lasted / count / 1000,
  events: events / count,
});
if (process.env.REACHED)
  console.log(
    [...reached]
      .sort()
      .map(([k, v]) => `${v}\t${k}`)
      .join('\n'),
  );
