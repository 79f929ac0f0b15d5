import { parseArgs } from 'node:util';
import { wholeNumber } from './options.ts';
import { sendInLives } from './payout-lives.ts';
import { sendInProcesses } from './payout-processes.ts';
import { runPayoutChaos } from './payout-run.ts';
import { openRealStore } from './real-store.ts';

/** `npm run chaos:payouts -- [--rows 10000] [--kills 40] [--seed 1] [--engine sqlite|postgres] [--one-process]` */

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'sqlite' },
    'one-process': { type: 'boolean', default: false },
  },
});

const store = await openRealStore(values.engine);
const options = {
  databaseUrl: store.url,
  rows: wholeNumber('rows', values.rows),
  kills: wholeNumber('kills', values.kills),
  seed: wholeNumber('seed', values.seed),
  tell: console.log,
};
const report = await runPayoutChaos(options, values['one-process'] ? sendInLives : sendInProcesses);
console.log(JSON.stringify({ ...values, ...report, wrong: report.wrong.slice(0, 20) }, null, 2));
await store.close();
if (report.wrong.length > 0) console.error(`${report.wrong.length} payouts are WRONG`);
process.exit(report.wrong.length > 0 ? 1 : 0);
