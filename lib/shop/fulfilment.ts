import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { given } from '../db/each.ts';
import { type Db, nowMs, type Store } from '../db/store.ts';
import type { OrderEvent } from '../orders/outbox.ts';

/**
 * The sample fulfilment: a paid order gets a pick-up code, a reversed one loses it. A merchant puts his own here:
 * `order.paid` comes at least once, with the same event id each time, so a repeat must change nothing. What takes its
 * time for each event, as a call elsewhere does, is done for one after the other.
 *
 * @param events each of another order
 */
export async function fulfil(store: Store, events: readonly OrderEvent[]): Promise<void> {
  const rows = (kind: OrderEvent['kind']) =>
    events
      .filter((event) => event.kind === kind)
      .map(({ orderId, number }) => ({
        order_id: orderId,
        event_number: number,
        pickup_code: drawPickupCode(),
      }))
      .sort((a, b) => (a.order_id < b.order_id ? -1 : 1));
  const [paid, reversed] = [rows('order.paid'), rows('order.payment_reversed')];
  // A process that slept over an event may bring it once more after a later one of the order: too late to count.
  await store.transaction(async (tx) => {
    if (paid.length > 0)
      await sql`
        insert into pickups (order_id, event_number, pickup_code, created_at)
        select order_id, event_number, pickup_code, ${nowMs} from ${given(tx, 'pickups', paid)} as given where true
        on conflict (order_id) do update set event_number = excluded.event_number, withdrawn = 0
          where pickups.event_number < excluded.event_number`.execute(tx);
    if (reversed.length > 0)
      await sql`
        update pickups set event_number = given.event_number, withdrawn = 1
        from ${given(tx, 'pickups', reversed)} as given
        where pickups.order_id = given.order_id and pickups.event_number < given.event_number`.execute(tx);
  });
}

/** Without letters and digits that are mistaken for each other when read aloud at a counter. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** Drawn once per order and kept: whoever knows the order's number, which stands in its private link, cannot work it out. */
const drawPickupCode = () =>
  Array.from({ length: 6 }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');

/** The code to show at the counter; `null` until the order was fulfilled. */
export async function findPickupCode(db: Db, orderId: string): Promise<string | null> {
  const pickup = await db
    .selectFrom('pickups')
    .select('pickup_code')
    .where('order_id', '=', orderId)
    .where('withdrawn', '=', 0)
    .executeTakeFirst();
  return pickup?.pickup_code ?? null;
}
