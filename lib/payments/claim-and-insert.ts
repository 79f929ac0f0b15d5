import { LOOKED_AT } from '../db/next-look.ts';
import type { Rail } from '../db/schema.ts';
import { nowMs, nowPlus, type Tx } from '../db/store.ts';
import { claimOrder } from '../orders/claim.ts';
import type { Order } from '../orders/order.ts';
import { MAX_PAYMENTS_PER_SESSION, PAYMENTS_PER_SESSION_WINDOW_MS } from './timing.ts';

/** A payment that is about to exist. */
export type Opening = {
  id: string;
  order: Order;
  /** The order's version that the customer saw. */
  version: number;
  /** Whose: a session's row, or a visitor's. */
  sessionRow: string;
  rail: Rail;
  /** What is left of the time in which something may be sent for the first time. */
  payInMs: number;
  /** Who sends for it from the start, if anybody does. */
  lease?: { holder: string; forMs: number };
  /** Number of the facts that are written beside it. */
  facts: number;
  /** Where nobody sends for it now. */
  nextLookInMs?: number;
};

/** Takes the order's claim and writes the payment's row; the caller writes its first facts in the same transaction. */
export async function claimAndInsert(
  tx: Tx,
  opening: Opening,
): Promise<'opened' | 'not_claimed' | 'too_many'> {
  const { order } = opening;
  const { count } = await tx
    .selectFrom('payments')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('session_id', '=', opening.sessionRow)
    .where('opened_at', '>', nowPlus(-PAYMENTS_PER_SESSION_WINDOW_MS))
    .executeTakeFirstOrThrow();
  if (Number(count) >= MAX_PAYMENTS_PER_SESSION) return 'too_many';
  const claimed = await claimOrder(tx, {
    orderId: order.id,
    paymentId: opening.id,
    version: opening.version,
    totalCentavos: order.totalCentavos,
  });
  if (!claimed) return 'not_claimed';
  await tx
    .insertInto('payments')
    .values({
      id: opening.id,
      order_id: order.id,
      session_id: opening.sessionRow,
      rail: opening.rail,
      amount_centavos: order.totalCentavos,
      state: 'creating',
      version: opening.facts,
      pay_by: nowPlus(opening.payInMs),
      ...(opening.lease ? { lease_by: opening.lease.holder, lease_until: nowPlus(opening.lease.forMs) } : {}),
      next_ask_at: opening.lease ? LOOKED_AT : nowPlus(opening.nextLookInMs ?? 0),
      opened_at: nowMs,
      updated_at: nowMs,
    })
    .execute();
  return 'opened';
}
