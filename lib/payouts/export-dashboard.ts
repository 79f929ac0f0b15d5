import { csvLine } from '../base/csv.ts';
import { AppError } from '../base/errors.ts';
import { CURRENCY } from '../base/money.ts';
import { nowMs } from '../db/store.ts';
import { append, lockPayout } from './append.ts';
import { audit } from './audit.ts';
import type { RecordDeps } from './deps.ts';
import { factsOf } from './facts.ts';
import type { PayoutRow } from './payout.ts';
import { openRecipient, type PayoutKeys, type Recipient } from './recipient.ts';

/** What a column may hold. `amount` is in centavos, `amount_php` in pesos. */
const FIELDS = {
  payment_id: ({ id }) => id,
  amount: ({ amount_centavos: centavos }) => String(centavos),
  amount_php: ({ amount_centavos: centavos }) => (centavos / 100).toFixed(2),
  currency: () => CURRENCY,
  customer_id: ({ customer_id: id }) => id,
  ip_address: (_row, { ipAddress }) => ipAddress,
  account_number: (_row, { accountNumber }) => accountNumber,
  customer_name: (_row, { customerName }) => customerName,
} satisfies Record<string, (row: PayoutRow, recipient: Recipient) => string>;

/** Gate's names. ECommPay publishes no template that we know of: whoever uploads it compares with the Dashboard's own. */
export const DEFAULT_COLUMNS =
  'payment_id,amount,currency,customer_id,ip_address,account_number,customer_name';

export type DashboardColumn = { field: keyof typeof FIELDS; name: string };

/**
 * @param text `field` or `field=its name in the file`, separated by commas
 * @throws AppError `payout.columns`
 */
export function readColumns(text: string): DashboardColumn[] {
  return text.split(',').map((part) => {
    const [field = '', name = field] = part.split('=', 2).map((side) => side.trim());
    if (!Object.hasOwn(FIELDS, field))
      throw new AppError('payout.columns', {
        message: `there is no column "${field}"; columns are ${Object.keys(FIELDS).join(', ')}`,
      });
    return { field: field as keyof typeof FIELDS, name };
  });
}

export type DashboardOptions = {
  columns: readonly DashboardColumn[];
  separator: ',' | ';';
  actor: string;
  batchId: string | undefined;
  /** Also what was exported before, e.g. into a file that got lost. */
  again: boolean;
};

const PAGE = 200;

/**
 * Writes what is ready into a file for ECommPay's own Dashboard, line by line. What is in the file is on record as handed
 * over first: machines never send it any more, but ask ECommPay what became of it.
 */
export async function* exportForDashboard(
  deps: RecordDeps & { keys: PayoutKeys },
  options: DashboardOptions,
): AsyncGenerator<string> {
  const { columns, separator } = options;
  yield csvLine(
    columns.map(({ name }) => name),
    separator,
  );
  let written = 0;
  for (let after = ''; ; ) {
    const page = await nextPage(deps, options, after);
    for (const { id } of page) {
      after = id;
      const row = await handOver(deps, id, options);
      if (!row) continue;
      const recipient = openRecipient(deps.keys, row.id, row.sealed_recipient);
      written += 1;
      // In quotes: a spreadsheet would drop the number's leading zero.
      yield csvLine(
        columns.map(({ field }) => noFormula(FIELDS[field](row, recipient))),
        separator,
        true,
      );
    }
    if (page.length < PAGE) break;
  }
  await deps.store.transaction((tx) =>
    audit(tx, deps, {
      actor: options.actor,
      action: 'payout.export_dashboard',
      subject: options.batchId ?? 'all',
      evidence: `${written} payouts`,
    }),
  );
}

const noFormula = (cell: string): string => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

function nextPage(deps: RecordDeps, { batchId, again }: DashboardOptions, after: string) {
  let query = deps.store.db
    .selectFrom('payouts')
    .select('id')
    .where('id', '>', after)
    .where('staff_decided', '=', 0)
    .where((eb) =>
      eb.or([
        eb('state', '=', 'ready'),
        ...(again ? [eb.and([eb('state', '=', 'unknown'), eb('reason', '=', 'exported')])] : []),
      ]),
    );
  if (batchId !== undefined) query = query.where('batch_id', '=', batchId);
  return query.orderBy('id').limit(PAGE).execute();
}

function handOver(
  deps: RecordDeps,
  id: string,
  { actor, again }: DashboardOptions,
): Promise<PayoutRow | null> {
  return deps.store.transaction(async (tx) => {
    const locked = await lockPayout(tx, id, (eb) =>
      eb.and([
        eb('staff_decided', '=', 0),
        eb.or([
          eb.and([eb('state', '=', 'ready'), eb('lease_until', '<', nowMs)]),
          // Whoever has the lease of one that stands in a file asks for its status and sends nothing, not even where ECommPay
          // does not know it. Were it left out for that, a file that replaces a lost one would lack it, and nobody would know.
          ...(again ? [eb.and([eb('state', '=', 'unknown'), eb('reason', '=', 'exported')])] : []),
        ]),
      ]),
    );
    if (!locked) return null;
    await tx
      .updateTable('payouts')
      .set({ ask_from: nowMs, next_ask_at: nowMs })
      .where('id', '=', id)
      .execute();
    const copy = factsOf(locked.events, 'exported').length + 1;
    await append(tx, deps, locked, [{ kind: 'exported', actor, copy }]);
    return locked.row;
  });
}
