import { raiseAlarm } from '../db/alarms.ts';
import { isOneOf, lockEach } from '../db/each.ts';
import type { Tx } from '../db/store.ts';
import type { AppendDeps } from './append.ts';
import type { Change } from './order-effects.ts';
import { closeTask, MACHINE, notReturned, openTask, RETURN } from './tasks.ts';

/**
 * Two payments of one order took money, whichever came first, and be one of them still in review since its sum is not
 * ours: an alarm about the order, and a task for each that is not the one that pays it. Where a payment turns out not to
 * have taken any, or to be the one that counts, what is left of those tasks is closed.
 */
export async function tellOfSecondSuccess(
  tx: Tx,
  deps: AppendDeps,
  changes: readonly Change[],
): Promise<void> {
  const moved = changes.filter(
    ({ before, after }) =>
      before.debited !== after.debited || (after.debited && before.state !== after.state),
  );
  if (moved.length === 0) return;
  const orders = [...new Set(moved.map(({ payment }) => payment.order_id))];
  // Whoever becomes approved has locked its order; whoever took money otherwise must too, or two would not see each other.
  if (moved.some(({ after }) => after.state !== 'approved')) await lockEach(tx, 'orders', orders);
  const taken = await standingOf(tx, orders);
  for (const order of orders) {
    const ofOrder = taken.filter(({ order_id: id }) => id === order);
    const kept = keptAmong(ofOrder);
    const more = ofOrder.filter(({ id }) => id !== kept?.id);
    const own = moved.filter(({ payment }) => payment.order_id === order);
    const justNow = own.filter(({ before, after }) => after.debited && !before.debited);
    if (justNow.length > 0 && more.length > 0)
      await raiseAlarm(deps, tx, { kind: 'second_success', subject: order });
    for (const { id } of more)
      if (justNow.some(({ payment }) => payment.id === id) || !(await isToReturn(tx, id)))
        await openTask(tx, deps, RETURN, id);
    // An order whose payments took money just now, and none before, has no such task yet.
    if (justNow.length === own.length) continue;
    for (const { payment, after } of own)
      if (!after.debited) await closeTask(tx, RETURN, payment.id, 'payment_reversed');
    await keep(tx, kept, more.length > 0 ? 'pays_the_order' : 'other_payment_reversed');
  }
}

/** Another payment's money went back: the one that is left for the order is not to be given back too. */
export async function keepWhatIsLeft(tx: Tx, orderId: string): Promise<void> {
  await keep(tx, keptAmong(await standingOf(tx, [orderId])), 'other_payment_returned');
}

type Standing = { id: string; order_id: string; paid_by: string | null };

/** Payments that took money which nobody gave back, the oldest first. */
const standingOf = (tx: Tx, orders: readonly string[]): Promise<Standing[]> =>
  tx
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.order_id')
    .select(['payments.id', 'payments.order_id', 'orders.paid_by'])
    .where(isOneOf(tx, 'payments.order_id', orders))
    .where((eb) => eb.or([eb('payments.state', '=', 'approved'), eb('payments.debited', '=', 1)]))
    .where(notReturned())
    .orderBy('payments.opened_at')
    .orderBy('payments.id')
    .execute();

/** The one that pays the order, or may come to pay it. */
const keptAmong = (ofOrder: readonly Standing[]): Standing | undefined =>
  ofOrder.find(({ id, paid_by: paidBy }) => id === paidBy) ?? ofOrder[0];

async function keep(tx: Tx, payment: Standing | undefined, why: string): Promise<void> {
  if (payment) await closeTask(tx, RETURN, payment.id, why);
}

/** Once opened it is closed by a person, or by facts; a later fact about another payment does not open it again. */
async function isToReturn(tx: Tx, paymentId: string): Promise<boolean> {
  const task = await tx
    .selectFrom('tasks')
    .select('id')
    .where('kind', '=', RETURN)
    .where('payment_id', '=', paymentId)
    .where((eb) => eb.or([eb('closed_at', 'is', null), eb('closed_by', '!=', MACHINE)]))
    .executeTakeFirst();
  return task !== undefined;
}
