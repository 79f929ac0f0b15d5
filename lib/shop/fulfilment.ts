import { randomInt } from 'node:crypto';
import { type Db, nowMs, type Store } from '../db/store.ts';
import type { OrderEvent } from '../orders/outbox.ts';

/**
 * The sample fulfilment: a paid order gets a pick-up code, a reversed one loses it. A merchant puts his own here:
 * `order.paid` comes at least once, with the same event id each time, so a repeat must change nothing.
 */
export async function fulfil(store: Store, event: OrderEvent): Promise<void> {
  const { orderId: order_id, number: event_number } = event;
  // A process that slept over an event may bring it once more after a later one of the order: too late to count.
  if (event.kind === 'order.paid')
    await store.db
      .insertInto('pickups')
      .values({ order_id, event_number, pickup_code: drawPickupCode(), created_at: nowMs })
      .onConflict((conflict) =>
        conflict
          .column('order_id')
          .doUpdateSet({ event_number, withdrawn: 0 })
          .where('pickups.event_number', '<', event_number),
      )
      .execute();
  else
    await store.db
      .updateTable('pickups')
      .set({ event_number, withdrawn: 1 })
      .where('order_id', '=', order_id)
      .where('event_number', '<', event_number)
      .execute();
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
