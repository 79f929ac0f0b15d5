import { raiseAlarm } from '../db/alarms.ts';
import { nowMs, type Tx } from '../db/store.ts';
import { claimWhereFree, isClosed, markPaid, passClaim, unmarkPaid } from '../orders/claim.ts';
import { announce } from '../orders/outbox.ts';
import type { AppendDeps } from './append.ts';
import type { PaymentRow } from './payment.ts';
import type { Conclusion } from './reduce.ts';

/**
 * What a payment's new state does to its order, in the transaction of the fact that caused it.
 */
export async function applyToOrder(
  tx: Tx,
  deps: AppendDeps,
  payment: PaymentRow,
  before: Conclusion,
  after: Conclusion,
): Promise<void> {
  if (before.state === after.state && before.confirmedBy === after.confirmedBy) return;
  if (before.state === 'approved' && after.state !== 'approved')
    await stopsBeingApproved(tx, deps, payment, after);
  if (after.state === 'approved' && before.state !== 'approved')
    await becomesApproved(tx, deps, payment, after);
  if (after.state === 'declined' || after.state === 'failed')
    await passClaim(tx, payment.order_id, payment.id, await heirOfClaim(tx, payment));
  if (after.state === 'review') await claimWhereFree(tx, payment.order_id, payment.id);
}

async function becomesApproved(
  tx: Tx,
  deps: AppendDeps,
  payment: PaymentRow,
  after: Conclusion,
): Promise<void> {
  const paidBy = await markPaid(tx, payment.order_id, payment.id);
  if (paidBy !== payment.id) {
    await setDuplicate(tx, payment.id, true);
    await raiseAlarm(deps, tx, { kind: 'duplicate_paid', subject: payment.id });
    await openTask(tx, deps, 'return_duplicate', payment.id);
    return;
  }
  await claimWhereFree(tx, payment.order_id, payment.id);
  if (await isClosed(tx, payment.order_id))
    await raiseAlarm(deps, tx, { kind: 'paid_after_close', subject: payment.order_id });
  await announcePaid(tx, deps, payment, after);
}

async function announcePaid(
  tx: Tx,
  deps: AppendDeps,
  payment: Pick<PaymentRow, 'id' | 'order_id' | 'amount_centavos'>,
  conclusion: Pick<Conclusion, 'confirmedBy' | 'providerId'>,
): Promise<void> {
  await announce(tx, deps.ids, {
    kind: 'order.paid',
    orderId: payment.order_id,
    paymentId: payment.id,
    payload: {
      amountCentavos: payment.amount_centavos,
      confirmedBy: conclusion.confirmedBy,
      providerId: conclusion.providerId,
    },
  });
}

/** By staff or by a later fact. Where a duplicate had paid too, the order is paid by that one from now on. */
async function stopsBeingApproved(
  tx: Tx,
  deps: AppendDeps,
  payment: PaymentRow,
  after: Conclusion,
): Promise<void> {
  if (payment.duplicate_paid === 1) {
    await setDuplicate(tx, payment.id, false);
    await closeTask(tx, 'return_duplicate', payment.id, 'payment_reversed');
    return;
  }
  if (!(await unmarkPaid(tx, payment.order_id, payment.id))) return;
  await announce(tx, deps.ids, {
    kind: 'order.payment_reversed',
    orderId: payment.order_id,
    paymentId: payment.id,
    payload: {
      amountCentavos: payment.amount_centavos,
      confirmedBy: after.confirmedBy,
      providerId: after.providerId,
    },
  });
  const duplicate = await tx
    .selectFrom('payments')
    .select(['id', 'order_id', 'amount_centavos', 'confirmed_by', 'provider_id'])
    .where('order_id', '=', payment.order_id)
    .where('id', '!=', payment.id)
    .where('duplicate_paid', '=', 1)
    .orderBy('opened_at')
    .executeTakeFirst();
  if (!duplicate || (await markPaid(tx, payment.order_id, duplicate.id)) !== duplicate.id) return;
  await setDuplicate(tx, duplicate.id, false);
  await closeTask(tx, 'return_duplicate', duplicate.id, 'other_payment_reversed');
  await announcePaid(tx, deps, duplicate, {
    confirmedBy: duplicate.confirmed_by,
    providerId: duplicate.provider_id,
  });
}

/** Another payment of the order with a recorded execute and no final answer: it may still have charged. */
async function heirOfClaim(tx: Tx, payment: PaymentRow): Promise<string | null> {
  const heir = await tx
    .selectFrom('payments')
    .select('id')
    .where('order_id', '=', payment.order_id)
    .where('id', '!=', payment.id)
    .where('state', 'in', ['executing', 'review'])
    .orderBy('opened_at')
    .executeTakeFirst();
  return heir?.id ?? null;
}

async function setDuplicate(tx: Tx, paymentId: string, duplicate: boolean): Promise<void> {
  await tx
    .updateTable('payments')
    .set({ duplicate_paid: duplicate ? 1 : 0, updated_at: nowMs })
    .where('id', '=', paymentId)
    .execute();
}

async function openTask(tx: Tx, deps: AppendDeps, kind: string, paymentId: string): Promise<void> {
  await tx
    .insertInto('tasks')
    .values({ id: deps.ids.key(), kind, payment_id: paymentId, opened_at: nowMs })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'payment_id']).doUpdateSet({
        opened_at: nowMs,
        closed_at: null,
        closed_by: null,
        evidence: null,
      }),
    )
    .execute();
}

async function closeTask(tx: Tx, kind: string, paymentId: string, evidence: string): Promise<void> {
  await tx
    .updateTable('tasks')
    .set({ closed_at: nowMs, closed_by: 'machine', evidence })
    .where('kind', '=', kind)
    .where('payment_id', '=', paymentId)
    .where('closed_at', 'is', null)
    .execute();
}
