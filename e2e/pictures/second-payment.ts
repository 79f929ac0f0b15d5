import { randomUUIDv7 } from 'node:crypto';
import type { Store } from '#lib/db/store.ts';

/** Writes a second payment of a paid order into the store, as one that came through although another had paid. */
export async function addSecondPayment(
  { db }: Store,
  order: string,
): Promise<{ first: string; second: string }> {
  const paid = await db
    .selectFrom('payments')
    .selectAll()
    .where('order_id', '=', order)
    .executeTakeFirstOrThrow();
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
