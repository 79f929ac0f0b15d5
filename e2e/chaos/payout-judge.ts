import type { Store } from '#lib/db/store.ts';
import type { Simulator } from '../simulator/start.ts';
import type { Wanted } from './payout-file.ts';

export type Judged = {
  /** What is wrong; empty where every row was paid once or refused with its reason, and the books say so. */
  wrong: string[];
  /** How many payouts came to what, e.g. `paid`, `failed 2606`. */
  outcomes: Record<string, number>;
  paidCentavos: number;
};

/** Holds what is on record against what the simulator really paid out. */
export async function judge(simulator: Simulator, store: Store, wanted: readonly Wanted[]): Promise<Judged> {
  const paid = new Map<string, { amountCentavos: number; account: string }[]>();
  for (const entry of simulator.ecommpay.ledger().payouts)
    paid.set(entry.paymentId, [...(paid.get(entry.paymentId) ?? []), entry]);
  const rows = new Map(
    (await store.db.selectFrom('payouts').selectAll().execute()).map((row) => [row.id, row]),
  );
  const booked = new Map<string, number>();
  for (const { payout_id: id, amount_centavos: centavos } of await store.db
    .selectFrom('payout_ledger')
    .selectAll()
    .execute())
    booked.set(id, (booked.get(id) ?? 0) + centavos);

  const wrong: string[] = [];
  const outcomes: Record<string, number> = {};
  let paidCentavos = 0;
  for (const { id, centavos, number } of wanted) {
    const row = rows.get(id);
    const transfers = paid.get(id) ?? [];
    const [transfer] = transfers;
    const say = (what: string) => wrong.push(`${id}: ${what}`);
    if (!row) {
      say('is not on record');
      continue;
    }
    const outcome = row.state === 'paid' || row.reason === null ? row.state : `${row.state} ${row.reason}`;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (transfers.length > 1) say(`was paid ${transfers.length} times`);
    if ((row.state === 'paid') !== (transfers.length === 1))
      say(`is on record as ${row.state}, and was paid ${transfers.length} times`);
    if (transfer && (transfer.amountCentavos !== centavos || transfer.account !== number))
      say('was paid another sum, or to somebody else');
    if ((booked.get(id) ?? 0) !== (transfer ? centavos : 0)) say('is booked with another sum');
    if (!['paid', 'declined', 'failed'].includes(row.state)) say(`has not ended: ${row.state}`);
    if (row.state !== 'paid' && row.reason === null) say('was refused without a reason');
    if (transfer) paidCentavos += transfer.amountCentavos;
  }
  for (const id of paid.keys()) if (!rows.has(id)) wrong.push(`${id}: was paid, and is not on record`);
  return { wrong, outcomes, paidCentavos };
}
