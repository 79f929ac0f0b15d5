import { Readable } from 'node:stream';
import { csvLine } from '#lib/base/csv.ts';
import { nowMs } from '#lib/db/store.ts';
import type { FileProblem } from '#lib/payouts/file-row.ts';
import { importPayers } from '#lib/payouts/import-payers.ts';
import { type ImportDeps, type ImportOptions, importPayouts } from '#lib/payouts/import-payouts.ts';
import { findPayout, loadEvents, type PayoutRow } from '#lib/payouts/payout.ts';
import { settleOnce } from '#lib/payouts/settle.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import { drive } from './drive.ts';
import { type Known, PROJECT } from './fake-ecommpay.ts';
import type { Rig } from './rig.ts';

export const COLUMNS = [
  'payment_id',
  'amount',
  'customer_id',
  'account_number',
  'customer_name',
  'ip_address',
];

/** Nobody's number and name; a test looks for both in every log. */
export const NUMBER = '09171234567';
export const NAME = 'Juana Dela Cruz';

export type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

export const row = (changes: Row = {}): Row => ({
  payment_id: 'po-1',
  amount: '1500.00',
  customer_id: 'customer-1',
  account_number: NUMBER,
  customer_name: NAME,
  ip_address: '203.0.113.7',
  ...changes,
});

export const csvOf = (rows: readonly Row[], columns: readonly string[] = COLUMNS): string =>
  [columns, ...rows.map((one) => columns.map((name) => one[name] ?? ''))]
    .map((line) => csvLine(line))
    .join('');

export const importDeps = (deps: Runtime): ImportDeps => ({
  store: deps.store,
  ids: deps.ids,
  log: deps.log,
  instance: 'staff',
  keys: deps.payouts.keys,
  projectId: PROJECT,
  limits: { minCentavos: 100, maxCentavos: 2_000_000 },
  defaultIp: undefined,
});

/** Imports a file, and tells every problem as `line column: reason`. */
export async function importText(
  deps: Runtime,
  text: string,
  mode: ImportOptions['mode'] = 'whole',
  changes: Partial<ImportDeps> = {},
) {
  const problems: string[] = [];
  const onProblem = ({ line, column, reason }: FileProblem) => problems.push(`${line} ${column}: ${reason}`);
  const options = { mode, actor: 'ana', onProblem };
  const source = Readable.from([Buffer.from(text)]);
  const imported = await importPayouts({ ...importDeps(deps), ...changes }, source, options);
  return { ...imported, told: problems };
}

/** These customers have paid before, by GCash. */
export async function letPayBefore(deps: Runtime, ...customers: string[]): Promise<void> {
  const text = csvOf(
    customers.map((customer_id) => ({ customer_id, method: 'gcash' })),
    ['customer_id', 'method'],
  );
  await importPayers({ ...importDeps(deps) }, Readable.from([Buffer.from(text)]), {
    actor: 'ana',
    onProblem: ({ reason }) => {
      throw new Error(reason);
    },
  });
}

let made = 0;

/** A batch of so many payouts of ₱1,500.00, ready to be sent. */
export async function makeBatch(deps: Runtime, count = 1): Promise<{ batchId: string; ids: string[] }> {
  await letPayBefore(deps, 'customer-1');
  made += 1;
  const ids = Array.from({ length: count }, (_, index) => `po-${made}-${index + 1}`);
  const { batchId, told } = await importText(deps, csvOf(ids.map((payment_id) => row({ payment_id }))));
  if (batchId === null) throw new Error(told.join('\n'));
  return { batchId, ids };
}

export async function payoutRow(deps: Runtime, id: string): Promise<PayoutRow> {
  const found = await findPayout(deps.store.db, id);
  if (!found) throw new Error(`there is no payout ${id}`);
  return found;
}

export const known = (status: string, changes: Partial<Known> = {}): Known => ({
  status,
  amount: 150_000,
  type: 'payout',
  ...changes,
});

export async function payoutHistory(deps: Runtime, id: string): Promise<string[]> {
  const events = await loadEvents(deps.store.db, id);
  return events.map(({ fact }) => ('attempt' in fact ? `${fact.kind} ${fact.attempt}` : fact.kind));
}

/** What the ledger says was paid out in this payout. */
export async function booked(deps: Runtime, id: string): Promise<number[]> {
  const rows = await deps.store.db
    .selectFrom('payout_ledger')
    .select('amount_centavos')
    .where('payout_id', '=', id)
    .orderBy('number')
    .execute();
  return rows.map((entry) => entry.amount_centavos);
}

/** Lets time pass, and lets the payout be looked after whenever it is due. */
export async function passPayout(rig: Rig, id: string, ms: number): Promise<void> {
  for (let left = ms; left > 0; ) {
    const { asking, at, now } = await rig.deps.store.db
      .selectFrom('payouts')
      .select(['asking', 'next_ask_at as at', nowMs.as('now')])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const step = asking === 'no' ? left : Math.min(left, Math.max(at - now, 1_000));
    await rig.test.advance(step);
    left -= step;
    await drive(rig.test, settleOnce(rig.deps, id, { ignoreDue: false }), 10);
  }
}
