import { sql } from 'kysely';
import { given } from '../db/each.ts';
import { type Db, nowMs, type Tx } from '../db/store.ts';

/**
 * The claim: which payment of an order may charge. It is one column of one row, and each of these is one conditional
 * statement; that is the whole lock.
 */

/** `open`: the claim is taken where it is free, for the order as it was shown. */
export async function claimOrder(
  tx: Tx,
  claim: { orderId: string; paymentId: string; version: number; totalCentavos: number },
): Promise<boolean> {
  const claimed = await tx
    .updateTable('orders')
    .set((eb) => ({
      claim: claim.paymentId,
      first_payment_at: eb.fn.coalesce('first_payment_at', nowMs),
      updated_at: nowMs,
    }))
    .where('id', '=', claim.orderId)
    .where('claim', 'is', null)
    .where('paid_by', 'is', null)
    .where('state', '=', 'open')
    .where('expires_at', '>', nowMs)
    .where('version', '=', claim.version)
    .where('total_centavos', '=', claim.totalCentavos)
    .returning('id')
    .executeTakeFirst();
  return claimed !== undefined;
}

/** First execute: the order moves on, so that no page shown before can pay it. */
export async function confirmClaim(tx: Tx, orderId: string, paymentId: string): Promise<boolean> {
  const confirmed = await tx
    .updateTable('orders')
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: nowMs }))
    .where('id', '=', orderId)
    .where('claim', '=', paymentId)
    .where('paid_by', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return confirmed !== undefined;
}

/** A payment that is in doubt, or came through, holds the order where nobody else does. */
export async function claimWhereFree(tx: Tx, orderId: string, paymentId: string): Promise<void> {
  await tx
    .updateTable('orders')
    .set({ claim: paymentId, updated_at: nowMs })
    .where('id', '=', orderId)
    .where('claim', 'is', null)
    .execute();
}

/**
 * Nothing is sent for a tap, and its customer is told so: the order moves on, so that no other tap on the page that was
 * shown, which may stand still somewhere, charges it after that.
 *
 * @returns whether the order was as it was shown, and no payment of it under way or done
 */
export async function withdrawTaps(db: Db, orderId: string, version: number): Promise<boolean> {
  const moved = await db
    .updateTable('orders')
    .set((eb) => ({ version: eb('version', '+', 1), updated_at: nowMs }))
    .where('id', '=', orderId)
    .where('claim', 'is', null)
    .where('paid_by', 'is', null)
    .where('version', '=', version)
    .returning('id')
    .executeTakeFirst();
  return moved !== undefined;
}

/**
 * Gives the claim on, or up. The order moves on: whoever is told from now on that nothing was charged is not charged by a
 * tap from before that.
 *
 * @param heir another payment of the order that may still have charged
 */
export async function passClaim(tx: Tx, orderId: string, from: string, heir: string | null): Promise<void> {
  await tx
    .updateTable('orders')
    .set((eb) => ({ claim: heir, version: eb('version', '+', 1), updated_at: nowMs }))
    .where('id', '=', orderId)
    .where('claim', '=', from)
    .execute();
}

/**
 * Payments that came through, each of another order: each pays its order where nobody did, and holds it where nobody
 * does.
 *
 * @returns the orders that are paid by their payment of these; `closed` where an order was closed before
 */
export async function markPaid(
  tx: Tx,
  payments: readonly { orderId: string; paymentId: string }[],
): Promise<{ orderId: string; closed: boolean }[]> {
  const rows = payments.map(({ orderId: id, paymentId: paid_by }) => ({ id, paid_by }));
  const { rows: paid } = await sql<{ id: string; state: string }>`
    update orders set
      paid_by = given.paid_by, claim = coalesce(orders.claim, given.paid_by),
      updated_at = case when orders.paid_by is null then ${nowMs} else orders.updated_at end
    from ${given(tx, 'orders', rows)} as given
    where orders.id = given.id and (orders.paid_by is null or orders.paid_by = given.paid_by)
    returning orders.id, orders.state`.execute(tx);
  return paid.map(({ id, state }) => ({ orderId: id, closed: state !== 'open' }));
}

/** @returns whether the order counted as paid by this payment until now */
export async function unmarkPaid(tx: Tx, orderId: string, paymentId: string): Promise<boolean> {
  const unmarked = await tx
    .updateTable('orders')
    .set({ paid_by: null, updated_at: nowMs })
    .where('id', '=', orderId)
    .where('paid_by', '=', paymentId)
    .returning('id')
    .executeTakeFirst();
  return unmarked !== undefined;
}
