import { parseArgs } from 'node:util';
import { buildApp } from './build.ts';
import type { InstancesResult, Reading } from './instances-result.ts';
import { runInstances } from './instances-run.ts';
import { wholeNumber } from './options.ts';

/**
 * `npm run chaos:instances`: several server processes on one PostgreSQL, every order paid by eight taps at once, spread
 * over them. With `--kills` processes are killed at random all the while, and customers tap again when they are told that
 * nothing was charged. Both readings of "already processed", each under both settings.
 */
const READINGS: readonly Reading[] = [
  { setting: 'approved', repeatAfterDeclined: 'code' },
  { setting: 'approved', repeatAfterDeclined: 'PY0010' },
  { setting: 'review', repeatAfterDeclined: 'code' },
  { setting: 'review', repeatAfterDeclined: 'PY0010' },
];
const nameOf = ({ setting, repeatAfterDeclined }: Reading) => `${setting}/${repeatAfterDeclined}`;

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '10000' },
    instances: { type: 'string', default: '4' },
    taps: { type: 'string', default: '8' },
    customers: { type: 'string', default: '24' },
    kills: { type: 'boolean', default: false },
    'kill-every': { type: 'string', default: '3' },
    reading: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    built: { type: 'boolean', default: false },
  },
});
for (const name of values.reading ?? [])
  if (!READINGS.some((reading) => nameOf(reading) === name))
    throw new Error(`There is no reading "${name}". There are: ${READINGS.map(nameOf).join(', ')}`);

buildApp(values.built);
const options = {
  orders: wholeNumber('orders', values.orders),
  instances: wholeNumber('instances', values.instances),
  taps: wholeNumber('taps', values.taps),
  customersAtOnce: wholeNumber('customers', values.customers),
  killEveryMs: values.kills ? wholeNumber('kill-every', values['kill-every']) * 1_000 : 0,
  seed: wholeNumber('seed', values.seed),
};

const COLUMNS = [
  'orders',
  'taps',
  'kills',
  'creates',
  'executes',
  'debits',
  'expiries',
  'refreshes',
  'double',
  'lost',
  'stuck',
  'believed',
  'reviews',
] as const satisfies (keyof InstancesResult)[];

let clean = true;
const lines = [['setting/reading'.padEnd(16), ...COLUMNS.map((name) => name.padStart(9))].join(' ')];
for (const reading of READINGS) {
  const name = nameOf(reading);
  if (values.reading && !values.reading.includes(name)) continue;
  console.log(
    `${options.orders} orders, ${options.taps} taps each, ${options.instances} processes, MAYA_PY0010=${reading.setting}, a repeat after a decline answers ${reading.repeatAfterDeclined}${values.kills ? ', with kills' : ''}`,
  );
  const started = performance.now();
  const result = await runInstances(reading, options, (done) => {
    if (done % 100 === 0 || done === options.orders)
      console.log(`  ${done} orders after ${((performance.now() - started) / 1_000).toFixed(0)} s`);
  });
  lines.push(
    [name.padEnd(16), ...COLUMNS.map((column) => String(result[column]).padStart(9))].join(' '),
    ...result.wrong.map((word) => `  wrong: ${word}`),
  );
  clean &&= result.double + result.lost + result.stuck + result.wrong.length === 0;
}
console.log(`\n${lines.join('\n')}`);
process.exit(clean ? 0 : 1);
