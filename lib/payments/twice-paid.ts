import type { Db } from '../db/store.ts';
import type { Order } from '../orders/order.ts';

import { loadEvents, type PaymentRow } from './payment.ts';
import { returnedAtMs } from './tasks.ts';
import { factsOf } from './verdict.ts';

/** A payment that took money. */
export type Taken = {
  payment: PaymentRow;
  /** What was taken; `null` where the provider named no sum in pesos. */
  amountCentavos: number | null;
  /** Whether that is settled; else a person is still looking. */
  isCertain: boolean;
};

/** Two or more payments of one order took money, or one whose money was given back. */
export type TwicePaid = {
  /** The one that pays the order; `null` where everything that was taken was given back. */
  counts: Taken | null;
  /** What is owed back, the oldest first; `returnedAtMs`: when a person recorded that it was given back. */
  owed: (Taken & { returnedAtMs: number | null })[];
};

/**
 * Whether money was taken for an order more than once, on one rail or on both: payments that are approved, and those
 * that a person looks at although the provider told of a success, of another sum for instance.
 *
 * @returns `null` where nothing was taken twice, or given back, as far as anybody knows
 */
export async function twicePaid(db: Db, order: Pick<Order, 'id' | 'paidBy'>): Promise<TwicePaid | null> {
  const payments = await db
    .selectFrom('payments')
    .selectAll()
    .where('order_id', '=', order.id)
    .where((eb) => eb.or([eb('state', '=', 'approved'), eb('debited', '=', 1)]))
    .orderBy('opened_at')
    .orderBy('id')
    .execute();
  const [only, ...more] = payments;
  if (!only || (more.length === 0 && (await returnedAtMs(db, only.id)) === null)) return null;
  const taken = await Promise.all(
    payments.map(async (payment) => ({
      ...(await takenBy(db, payment)),
      returnedAtMs: await returnedAtMs(db, payment.id),
    })),
  );
  const standing = taken.filter((one) => one.returnedAtMs === null);
  const counts = standing.find(({ payment }) => payment.id === order.paidBy) ?? standing[0] ?? null;
  const owed = taken.filter((one) => one !== counts);
  return owed.length > 0 ? { counts, owed } : null;
}

/** What a payment took, as far as anybody said. */
export async function takenBy(db: Db, payment: PaymentRow): Promise<Taken> {
  const isCertain = payment.state === 'approved';
  const ours = { payment, amountCentavos: payment.amount_centavos, isCertain };
  if (isCertain && payment.confirmed_by !== 'staff') return ours;
  const events = await loadEvents(db, payment.id);
  const said = [...factsOf(events, 'callback_said'), ...factsOf(events, 'status_said')].map(
    (fact) => fact.said,
  );
  // Of another project or of a payout it says nothing about this customer's money.
  const success = said.find(
    ({ reading, differs }) =>
      reading === 'success' && !differs.includes('project') && !differs.includes('type'),
  );
  // A person may decide that money was taken where ECommPay said nothing of it.
  if (isCertain && !success) return ours;
  // Named no sum at all: a person found that it is ours.
  if (isCertain && success?.currency === null) return ours;
  return { payment, amountCentavos: success?.currency === 'PHP' ? success.amount : null, isCertain };
}
