import { parseArgs } from 'node:util';
import { runPayoutChaos } from './payout-run.ts';
import { openRealStore } from './real-store.ts';

/** `npm run chaos:payouts -- [--rows 10000] [--kills 40] [--seed 1] [--engine sqlite|postgres]` */

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'sqlite' },
  },
});

const store = await openRealStore(values.engine);
const report = await runPayoutChaos({
  databaseUrl: store.url,
  rows: Number(values.rows),
  kills: Number(values.kills),
  seed: Number(values.seed),
  tell: console.log,
});
console.log(JSON.stringify({ ...values, ...report, wrong: report.wrong.slice(0, 20) }, null, 2));
await store.close();
if (report.wrong.length > 0) console.error(`${report.wrong.length} payouts are WRONG`);
process.exit(report.wrong.length > 0 ? 1 : 0);
