import { type Db, nowMs } from '../db/store.ts';

/** An order can be closed only while no payment may charge it and none did. */
const unclaimed = (db: Db, state: 'expired' | 'cancelled') =>
  db
    .updateTable('orders')
    .set((eb) => ({ state, version: eb('version', '+', 1), updated_at: nowMs }))
    .where('state', '=', 'open')
    .where('claim', 'is', null)
    .where('paid_by', 'is', null);

/** @returns whether this call cancelled it; false where a payment is under way or the order is closed already */
export async function cancelOrder(db: Db, id: string): Promise<boolean> {
  const cancelled = await unclaimed(db, 'cancelled').where('id', '=', id).returning('id').executeTakeFirst();
  return cancelled !== undefined;
}

/** Expires what nobody paid in time: all of it, one order, or the one of a cart's version. */
export async function closeLapsed(
  db: Db,
  of: { id: string } | { sessionRow: string; cartVersion: number } | 'all',
): Promise<number> {
  let query = unclaimed(db, 'expired').where('expires_at', '<=', nowMs);
  if (of !== 'all')
    query =
      'id' in of
        ? query.where('id', '=', of.id)
        : query.where('session_id', '=', of.sessionRow).where('cart_version', '=', of.cartVersion);
  const closed = await query.returning('id').execute();
  return closed.length;
}
