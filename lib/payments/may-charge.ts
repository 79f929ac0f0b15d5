import { sql } from 'kysely';
import { type Db, nowMs } from '../db/store.ts';
import { notReturned } from './tasks.ts';

/** Payments of which something was sent that may charge, and may have charged, or that did; not what was given back. */
const mayHaveCharged = (row: string) =>
  sql<boolean>`((${sql.ref(`${row}.state`)} in ('executing', 'review', 'approved')
    or (${sql.ref(`${row}.state`)} = 'creating' and ${sql.ref(`${row}.rail`)} = 'ecommpay'))
    and ${notReturned(row)})`;

/**
 * Whether a payment may send, or lead its customer to, what charges its order: it holds the claim, the order counts as
 * paid by nobody, no person decided, and no other payment of the order may have charged. A provider can reverse a decline
 * at any moment, so this is asked last before each send that begins a charge.
 *
 * @param holder whose lease must be alive, where something is sent
 */
export async function mayCharge(db: Db, paymentId: string, holder?: string): Promise<boolean> {
  let query = db
    .selectFrom('payments')
    .innerJoin('orders', 'orders.id', 'payments.order_id')
    .select('payments.id')
    .where('payments.id', '=', paymentId)
    .where('payments.state', 'in', ['creating', 'created', 'executing'])
    .where('payments.staff_decided', '=', 0)
    .whereRef('orders.claim', '=', 'payments.id')
    .where('orders.paid_by', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('payments as other')
            .select('other.id')
            .whereRef('other.order_id', '=', 'payments.order_id')
            .whereRef('other.id', '!=', 'payments.id')
            .where(mayHaveCharged('other')),
        ),
      ),
    );
  if (holder !== undefined)
    query = query.where('payments.lease_by', '=', holder).where('payments.lease_until', '>=', nowMs);
  return (await query.executeTakeFirst()) !== undefined;
}

/** Whether another payment took the order's money, as far as its provider says, and nobody gave it back. */
export async function isTakenByAnother(db: Db, orderId: string, paymentId: string): Promise<boolean> {
  const other = await db
    .selectFrom('payments')
    .select('id')
    .where('order_id', '=', orderId)
    .where('id', '!=', paymentId)
    .where((eb) => eb.or([eb('state', '=', 'approved'), eb('debited', '=', 1)]))
    .where(notReturned())
    .executeTakeFirst();
  return other !== undefined;
}

/** Another payment of the order that may still charge it: it gets the claim where `paymentId` gives it up. */
export async function heirOfClaim(
  db: Db,
  { orderId, paymentId }: { orderId: string; paymentId: string },
): Promise<string | null> {
  const heir = await db
    .selectFrom('payments as other')
    .select('other.id')
    .where('other.order_id', '=', orderId)
    .where('other.id', '!=', paymentId)
    .where('other.state', '!=', 'approved')
    .where(mayHaveCharged('other'))
    .orderBy('other.opened_at')
    .executeTakeFirst();
  return heir?.id ?? null;
}
