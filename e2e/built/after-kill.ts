import type { ExpectStatic } from 'vitest';
import type { Stage } from './stage.ts';

const ENDS = ['approved', 'declined', 'failed', 'review'];

/** The state of the order's only payment once it is an end, or the last one before `untilMs`. Throws where there is no payment, or more. */
export async function endOf({ store }: Stage, order: string, untilMs: number): Promise<string> {
  for (;;) {
    const payments = await store.db
      .selectFrom('payments')
      .select('state')
      .where('order_id', '=', order)
      .execute();
    const [payment] = payments;
    if (!payment || payments.length > 1) throw new Error(`${payments.length} payments of one order`);
    if (ENDS.includes(payment.state) || Date.now() > untilMs) return payment.state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The event of the paid order arrives, under one id, also when the relay died between sending and marking. */
export async function delivered({ store }: Stage, order: string, expect: ExpectStatic): Promise<void> {
  await expect
    .poll(
      async () =>
        (
          await store.db.selectFrom('outbox').select('delivered_at').where('order_id', '=', order).execute()
        ).map((event) => event.delivered_at !== null),
      { timeout: 90_000, interval: 100 },
    )
    .toEqual([true]);
  const pickups = await store.db.selectFrom('pickups').selectAll().where('order_id', '=', order).execute();
  expect(pickups).toHaveLength(1);
}
