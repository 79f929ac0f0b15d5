import { Readable } from 'node:stream';
import { csvLine } from '#lib/base/csv.ts';
import { importPayouts } from '#lib/payouts/import-payouts.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import type { Simulator } from '../simulator/start.ts';

/** A row of the file, as it is to be paid. */
export type Wanted = { id: string; centavos: number; customer: string; number: string };

/** What becomes of some of the payouts, one in `EVERY`; the others are simply paid. */
const TROUBLES = [
  'answer-lost',
  'answer-reset',
  'answer-500',
  'answer-not-json',
  'answer-other-payment',
  'answer-3041',
  'request-lost',
  'request-500',
  'request-forbidden',
  'callback-before-answer',
  'callback-never',
  'callback-late',
  'callback-twice',
  'callback-out-of-order',
  'callback-forged',
  'payout-decline',
  'payout-decline-account',
  'payout-without-sale',
  'payout-takes-days',
  'payout-internal-error',
  'duplicate-3613',
] as const;
const EVERY = 8;

export function makeRows(count: number, customers: readonly string[], random: () => number): Wanted[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `chaos-${index + 1}`,
    centavos: 100 + Math.floor(random() * 500_000),
    customer: customers[index % customers.length] ?? '',
    number: `09${String(Math.floor(random() * 1e9)).padStart(9, '0')}`,
  }));
}

export function makeTrouble(simulator: Simulator, wanted: readonly Wanted[]): void {
  for (const [index, { id }] of wanted.entries())
    if (index % EVERY === 0)
      simulator.ecommpay.setScenario({ payment: id, name: TROUBLES[(index / EVERY) % TROUBLES.length] });
}

/** @returns the batch */
export async function importRows(deps: Runtime, wanted: readonly Wanted[]): Promise<string> {
  const head = ['payment_id', 'amount', 'customer_id', 'account_number', 'customer_name', 'ip_address'];
  function* lines() {
    yield csvLine(head);
    for (const { id, centavos, customer, number } of wanted)
      yield csvLine([id, (centavos / 100).toFixed(2), customer, number, 'Juana Dela Cruz', '203.0.113.7']);
  }
  const { rail, keys } = deps.payouts;
  if (!rail) throw new Error('the rail is off');
  const { projectId, payout: limits } = rail.api.settings;
  const { store, ids, log, instance } = deps;
  const { batchId } = await importPayouts(
    { store, ids, log, instance, keys, projectId, limits, defaultIp: undefined },
    Readable.from(lines()),
    {
      mode: 'whole',
      actor: 'chaos',
      onProblem: ({ line, column, reason }) => {
        throw new Error(`line ${line}, ${column}: ${reason}`);
      },
    },
  );
  if (batchId === null) throw new Error('nothing was recorded');
  return batchId;
}
