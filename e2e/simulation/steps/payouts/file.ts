import { csvLine } from '#lib/base/csv.ts';
import { hasCode } from '#lib/base/errors.ts';
import { importPayers } from '#lib/payouts/import-payers.ts';
import { type ImportDeps, importPayouts } from '#lib/payouts/import-payouts.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import { CREDENTIALS } from '../../ecommpay/agreement.ts';
import { type Act, FAILED, request } from '../stage.ts';

type Row = { id: string; customer: string; account: string; amountCentavos: number };

const COLUMNS = ['payment_id', 'amount', 'customer_id', 'account_number', 'customer_name', 'ip_address'];

export const importDeps = (runtime: Runtime): ImportDeps => ({
  store: runtime.store,
  ids: runtime.ids,
  log: runtime.log,
  instance: runtime.instance,
  keys: runtime.payouts.keys,
  projectId: CREDENTIALS.projectId,
  limits: { minCentavos: 100, maxCentavos: 2_000_000 },
  defaultIp: undefined,
});

const PAID_BEFORE = `select distinct customer_id as id from ecommpay_sales
  join payments on payments.id = ecommpay_sales.payment_id where payments.state = 'approved'`;

/** Staff imports a file: mostly new payouts, sometimes one that was imported before, or another under the same id. */
export async function importFile(act: Act): Promise<void> {
  const { world, chance } = act;
  const customers = world.database.all<{ id: string }>(PAID_BEFORE).map(({ id }) => id);
  if (customers.length === 0 || chance.maybe(0.5)) customers.push(...(await listPayers(act)));
  if (customers.length === 0) return;
  const rows = Array.from({ length: chance.between(1, 3) }, () => rowFor(act, customers));
  const mode = chance.maybe(0.8) ? 'whole' : 'good_rows';
  const text = [
    COLUMNS,
    ...rows.map(({ id, customer, account, amountCentavos }) => {
      const pesos = `${Math.floor(amountCentavos / 100)}.${String(amountCentavos % 100).padStart(2, '0')}`;
      return [id, pesos, customer, account, 'Juana Dela Cruz', '203.0.113.7'];
    }),
  ]
    .map((cells) => csvLine(cells))
    .join('');
  const refused = new Set<number>();
  const takeBack = rows.map((row) => world.judge.payouts.wanted(row.id, row.account, row.amountCentavos));
  const imported = await request(act, 'import', (runtime) =>
    importPayouts(importDeps(runtime), once(text), {
      mode,
      actor: 'ana',
      onProblem: ({ line }) => void refused.add(line),
    }).catch(nothingRecorded),
  );
  world.reach(
    imported !== FAILED && imported.batchId === null
      ? 'a file of payouts was refused'
      : 'payouts were imported',
  );
  // Where nobody knows whether it was recorded, it may be paid.
  for (const [index, back] of takeBack.entries())
    if (imported !== FAILED && (imported.batchId === null || refused.has(index + 2))) back();
}

/** Somebody imported some of the same at the same moment: the file is refused whole. */
function nothingRecorded(error: unknown): { batchId: null } {
  if (!hasCode(error, 'payout.imported_meanwhile')) throw error;
  return { batchId: null };
}

async function listPayers(act: Act): Promise<string[]> {
  const names = [`gcash-payer-${act.chance.int(3)}`];
  const text = [['customer_id', 'method'], ...names.map((name) => [name, 'gcash'])]
    .map((cells) => csvLine(cells))
    .join('');
  const listed = await request(act, 'payers', (runtime) =>
    importPayers(importDeps(runtime), once(text), { actor: 'ana', onProblem: () => {} }),
  );
  return listed === FAILED ? [] : names;
}

function rowFor({ world, chance }: Act, customers: readonly string[]): Row {
  const count = world.countOf('rows of payouts');
  const known = chance.maybe(0.1) ? chance.between(1, count) : count;
  if (known !== count) world.reach('a payout id was used again');
  return {
    id: `refund-${known}`,
    customer: chance.maybe(0.04) ? 'never-paid' : (chance.pick(customers) ?? ''),
    account: `0917${String(1_000_000 + known)}`,
    amountCentavos: 100 * (1_000 + known) + (chance.maybe(0.5) ? 0 : count),
  };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
