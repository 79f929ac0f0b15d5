import { isDeepStrictEqual } from 'node:util';
import { loadEvents } from '#lib/payouts/payout.ts';
import { reduce } from '#lib/payouts/reduce.ts';
import type { SimProcess } from '../world/sim-process.ts';
import { runtimeOf } from '../world/start-process.ts';
import type { World } from '../world/world.ts';

type PayoutLine = {
  id: string;
  state: string;
  reason: string | null;
  amount_centavos: number;
  booked: number;
};

const PAYOUTS = `select id, state, reason, amount_centavos,
  (select coalesce(sum(amount_centavos), 0) from payout_ledger where payout_id = payouts.id) as booked from payouts`;

const UNPAID = ['ready', 'held', 'declined', 'failed'];

/** What must hold of payouts after every step. */
export function checkPayouts(world: World): void {
  const { database, judge } = world;
  // What stands in a transaction that may yet be taken back is nobody's word.
  if (database.raw.isTransaction) return;
  for (const { id, state, reason, amount_centavos: amount, booked } of database.all<PayoutLine>(PAYOUTS)) {
    world.reach(`payout concluded ${state}${reason ? ` ${reason}` : ''}`);
    const paid = judge.payouts.paid(id);
    if (state === 'paid' && !paid) judge.wrong('shown paid out', `payout ${id} counts as paid and never was`);
    if (UNPAID.includes(state) && paid && !paid.fickle)
      judge.wrong('payout forgotten', `payout ${id} is ${state} and was paid`);
    if (state === 'declined' || state === 'failed') judge.payouts.over(id);
    if (booked !== (state === 'paid' ? amount : 0))
      judge.wrong('books', `payout ${id} is ${state} and ${booked} is in the ledger`);
  }
}

const UNALARMED = `select id from payouts where state = 'review' and not exists (
  select 1 from alarms where kind = 'payout_in_review' and subject = payouts.id and acknowledged_at is null)`;

/** What must hold of payouts once everything has ended and ECommPay has told everything. */
export async function checkPayoutsAtRest(world: World, process: SimProcess): Promise<void> {
  const { database, judge, chance } = world;
  for (const row of database.all<PayoutLine>(PAYOUTS)) {
    if (judge.payouts.paid(row.id) && row.state !== 'paid' && row.state !== 'review')
      judge.wrong('payout forgotten', `payout ${row.id} was paid and is ${row.state} at rest`);
    const events = await loadEvents(runtimeOf(process).store.db, row.id);
    const conclusion = reduce(events);
    if (conclusion.state !== row.state || conclusion.reason !== row.reason)
      judge.wrong(
        'reduction',
        `payout ${row.id} is stored as ${row.state}, its facts say ${conclusion.state}`,
      );
    const shuffled = [...events].sort(() => chance.next() - 0.5);
    for (const other of [shuffled, [...events].reverse()])
      if (!isDeepStrictEqual(reduce(other), conclusion))
        judge.wrong('reduction', `the facts of payout ${row.id} mean something else in another order`);
  }
  for (const { id } of database.all<{ id: string }>(UNALARMED))
    judge.wrong('books', `payout ${id} is in review without an alarm`);
}
