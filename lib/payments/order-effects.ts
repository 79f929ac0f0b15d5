import { raiseAlarm } from '../db/alarms.ts';
import { lockEach } from '../db/each.ts';
import { nowMs, type Tx } from '../db/store.ts';
import { claimWhereFree, markPaid, passClaim, unmarkPaid } from '../orders/claim.ts';
import { announce, type OrderEvent } from '../orders/outbox.ts';
import type { AppendDeps } from './append.ts';
import { heirOfClaim } from './may-charge.ts';
import { isFinal, type PaymentRow } from './payment.ts';
import type { Conclusion } from './reduce.ts';
import { tellOfSecondSuccess } from './second-success.ts';
import { paidCentavos } from './taken.ts';
import { notReturned, returnedAmong } from './tasks.ts';

/** A payment as it was locked, and what its facts meant before and mean now. */
export type Change = { payment: PaymentRow; before: Conclusion; after: Conclusion };

/**
 * What new states of payments do to their orders, in the transaction of the facts that caused them. Of one order's
 * payments in the order they come.
 */
export async function applyToOrders(tx: Tx, deps: AppendDeps, changes: readonly Change[]): Promise<void> {
  const moved = changes.filter(
    ({ before, after }) =>
      before.state !== after.state ||
      before.confirmedBy !== after.confirmedBy ||
      before.debited !== after.debited,
  );
  // Also of one alone: two payments of one order must not both judge it by what it was before.
  if (moved.length > 0)
    await lockEach(
      tx,
      'orders',
      moved.map(({ payment }) => payment.order_id),
    );
  for (const turn of turnsOf(moved)) await applyTurn(tx, deps, turn);
  await tellOfSecondSuccess(tx, deps, moved);
}

/** Each order at most once in a turn. */
function turnsOf(changes: readonly Change[]): Change[][] {
  const turns: Change[][] = [];
  for (const change of changes) {
    const isOfSameOrder = ({ payment }: Change) => payment.order_id === change.payment.order_id;
    const free = turns.find((turn) => !turn.some(isOfSameOrder));
    if (free) free.push(change);
    else turns.push([change]);
  }
  return turns;
}

/** In doubt, or again under way although it had ended: nobody pays beside it. */
const isOpenAgain = ({ before, after }: Change) =>
  after.state === 'review' || (isFinal(before.state) && !isFinal(after.state));

const isApprovedNow = ({ before, after }: Change) =>
  after.state === 'approved' && before.state !== 'approved';

async function applyTurn(tx: Tx, deps: AppendDeps, changes: readonly Change[]): Promise<void> {
  const returned = await returnedAmong(
    tx,
    changes.filter((change) => isOpenAgain(change) || isApprovedNow(change)).map(({ payment }) => payment.id),
  );
  const stands = ({ payment }: Change) => !returned.has(payment.id);
  for (const change of changes) {
    const { payment, before, after } = change;
    if (before.state === 'approved' && after.state !== 'approved')
      await stopsBeingApproved(tx, deps, payment, after);
    if (after.state === 'declined' || after.state === 'failed')
      await passClaim(
        tx,
        payment.order_id,
        payment.id,
        await heirOfClaim(tx, { orderId: payment.order_id, paymentId: payment.id }),
      );
    if (isOpenAgain(change) && stands(change)) await claimWhereFree(tx, payment.order_id, payment.id);
  }
  const approved = changes.filter(isApprovedNow);
  await becomeApproved(tx, deps, approved.filter(stands));
  // Without an alarm, which would ask for the money to be given back: it was.
  for (const { payment } of approved.filter((change) => !stands(change)))
    await setDuplicate(tx, payment.id, true);
}

/** Each of another order. */
async function becomeApproved(tx: Tx, deps: AppendDeps, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const paid = await markPaid(
    tx,
    changes.map(({ payment }) => ({ orderId: payment.order_id, paymentId: payment.id })),
  );
  const orders = new Set(paid.map(({ orderId }) => orderId));
  for (const { payment } of changes.filter(({ payment }) => !orders.has(payment.order_id))) {
    await setDuplicate(tx, payment.id, true);
    await raiseAlarm(deps, tx, { kind: 'duplicate_paid', subject: payment.id });
  }
  for (const { orderId, closed } of paid)
    if (closed) await raiseAlarm(deps, tx, { kind: 'paid_after_close', subject: orderId });
  const told = changes.filter(({ payment }) => orders.has(payment.order_id));
  const events = [];
  for (const { payment, after } of told) {
    const amountCentavos = await paidCentavos(tx, { ...payment, confirmed_by: after.confirmedBy });
    events.push(eventOf('order.paid', payment, after, amountCentavos));
  }
  await announce(tx, deps.ids, events);
}

const eventOf = (
  kind: OrderEvent['kind'],
  { id, order_id }: Payment,
  { confirmedBy, providerId }: Known,
  amountCentavos: number | null,
) => ({ kind, orderId: order_id, paymentId: id, payload: { amountCentavos, confirmedBy, providerId } });

type Payment = Pick<PaymentRow, 'id' | 'order_id'>;
type Known = Pick<Conclusion, 'confirmedBy' | 'providerId'>;

/** By staff or by a later fact. */
async function stopsBeingApproved(
  tx: Tx,
  deps: AppendDeps,
  payment: PaymentRow,
  after: Conclusion,
): Promise<void> {
  if (payment.duplicate_paid === 1) await setDuplicate(tx, payment.id, false);
  else await paysNoMore(tx, deps, payment, after);
}

/**
 * A payment whose money went back, as a person recorded: it stands beside the one that pays its order, as a duplicate
 * that was given back does. Where it was the one that pays, the order is paid by another one that stands, or by nobody.
 *
 * The order must be locked.
 */
export async function standsNoMore(tx: Tx, deps: AppendDeps, payment: PaymentRow): Promise<void> {
  const { id, order_id: orderId, confirmed_by: confirmedBy, provider_id: providerId } = payment;
  if (await paysNoMore(tx, deps, payment, { confirmedBy, providerId })) await setDuplicate(tx, id, true);
  await passClaim(tx, orderId, id, await heirOfClaim(tx, { orderId, paymentId: id }));
}

/**
 * Where a duplicate had paid the order too, it is paid by that one from now on, unless it was given back.
 *
 * @param payment as it was locked
 * @returns whether it was the one that paid
 */
async function paysNoMore(tx: Tx, deps: AppendDeps, payment: PaymentRow, known: Known): Promise<boolean> {
  if (!(await unmarkPaid(tx, payment.order_id, payment.id))) return false;
  const paid = await paidCentavos(tx, payment);
  await announce(tx, deps.ids, [eventOf('order.payment_reversed', payment, known, paid)]);
  const duplicate = await tx
    .selectFrom('payments')
    .select(['id', 'order_id', 'amount_centavos', 'confirmed_by', 'provider_id'])
    .where('order_id', '=', payment.order_id)
    .where('id', '!=', payment.id)
    .where('duplicate_paid', '=', 1)
    // Of several payments that change together, their states are written already.
    .where('state', '=', 'approved')
    .where(notReturned())
    .orderBy('opened_at')
    .executeTakeFirst();
  if (!duplicate) return true;
  const marked = await markPaid(tx, [{ orderId: payment.order_id, paymentId: duplicate.id }]);
  if (marked.length === 0) return true;
  await setDuplicate(tx, duplicate.id, false);
  const paidNow = await paidCentavos(tx, duplicate);
  const ofDuplicate = { confirmedBy: duplicate.confirmed_by, providerId: duplicate.provider_id };
  await announce(tx, deps.ids, [eventOf('order.paid', duplicate, ofDuplicate, paidNow)]);
  return true;
}

async function setDuplicate(tx: Tx, paymentId: string, duplicate: boolean): Promise<void> {
  await tx
    .updateTable('payments')
    .set({ duplicate_paid: duplicate ? 1 : 0, updated_at: nowMs })
    .where('id', '=', paymentId)
    .execute();
}
