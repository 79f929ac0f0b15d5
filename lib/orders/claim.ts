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

/** Gives the claim on, or up. @param heir another payment of the order that may still have charged */
export async function passClaim(tx: Tx, orderId: string, from: string, heir: string | null): Promise<void> {
  await tx
    .updateTable('orders')
    .set({ claim: heir, updated_at: nowMs })
    .where('id', '=', orderId)
    .where('claim', '=', from)
    .execute();
}

/** @returns the payment that paid the order after this call: this one, or the one that was first */
export async function markPaid(tx: Tx, orderId: string, paymentId: string): Promise<string> {
  await tx
    .updateTable('orders')
    .set({ paid_by: paymentId, updated_at: nowMs })
    .where('id', '=', orderId)
    .where('paid_by', 'is', null)
    .execute();
  const { paid_by: paidBy } = await tx
    .selectFrom('orders')
    .select('paid_by')
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow();
  return paidBy ?? paymentId;
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

/** Whether the order was closed before a payment came through. */
export async function isClosed(db: Db, orderId: string): Promise<boolean> {
  const { state } = await db
    .selectFrom('orders')
    .select('state')
    .where('id', '=', orderId)
    .executeTakeFirstOrThrow();
  return state !== 'open';
}
