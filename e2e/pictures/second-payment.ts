import { randomUUIDv7 } from 'node:crypto';
import type { Store } from '#lib/db/store.ts';

/** Writes a second payment of a paid order into the store, as one that came through although another had paid. */
export async function addSecondPayment(
  { db }: Store,
  order: string,
): Promise<{ first: string; second: string }> {
  const paid = await paymentOf(db, order);
  const second = randomUUIDv7();
  await db
    .insertInto('payments')
    .values({
      ...paid,
      id: second,
      provider_id: `second-${second}`,
      duplicate_paid: 1,
      opened_at: paid.opened_at + 90_000,
    })
    .execute();
  return { first: paid.id, second };
}

/** A person recorded that it was given back. */
export async function sayReturned({ db }: Store, payment: string): Promise<void> {
  // Later than the payment, which is dated a little ahead.
  const at = Date.now() + 3_600_000;
  await db
    .insertInto('tasks')
    .values({
      id: randomUUIDv7(),
      kind: 'return_duplicate',
      payment_id: payment,
      opened_at: at,
      closed_at: at,
      closed_by: 'Ana Reyes',
      evidence: 'refund 812',
    })
    .execute();
}

/** ECommPay took back the payment that paid the order, which is open again. */
export async function reversePayer({ db }: Store, order: string, payment: string): Promise<void> {
  await db.updateTable('payments').set({ state: 'declined', debited: 0 }).where('id', '=', payment).execute();
  await db.updateTable('orders').set({ paid_by: null, claim: null }).where('id', '=', order).execute();
}

const LOOKS = 100;
const PAUSE_MS = 100;

/** The payment that paid, which may be a moment away. */
async function paymentOf(db: Store['db'], order: string) {
  for (let look = 0; look < LOOKS; look += 1) {
    const paid = await db
      .selectFrom('payments')
      .selectAll()
      .where('order_id', '=', order)
      .where('state', '=', 'approved')
      .executeTakeFirst();
    if (paid) return paid;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`order ${order} was not paid`);
}
