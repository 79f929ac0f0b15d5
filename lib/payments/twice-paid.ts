import type { Db } from '../db/store.ts';
import type { Order } from '../orders/order.ts';
import { type Taken, takenBy } from './taken.ts';
import { returnedAtMs } from './tasks.ts';

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
