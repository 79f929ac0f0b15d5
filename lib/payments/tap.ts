import type { Moment } from '../base/fresh.ts';
import type { CustomerSession } from '../customer-session/sessions.ts';
import { withdrawTaps } from '../orders/claim.ts';
import { findOrder } from '../orders/order.ts';
import type { PaymentDeps } from './deps.ts';
import { sameTotalLately } from './earlier-payments.ts';
import { pay, type Tapped } from './pay.ts';

/** A tap on Pay as the page sends it. */
export type PayForm = {
  orderId: string;
  /** The order's version that the customer saw. */
  version: number;
  /** The earlier payment of the same total that the page asked about, where it did. */
  seen: string | undefined;
  /** When it arrived: a process may stand still while it asks for earlier payments. */
  tappedAt: Moment;
};

/**
 * Pays an order, unless there is an earlier payment of the same total that the customer was not asked about yet: then
 * nothing is begun.
 */
export async function payUnlessAsked(
  deps: PaymentDeps,
  session: CustomerSession,
  form: PayForm,
): Promise<Tapped | 'ask'> {
  const earlier = await sameTotalLately(deps.store.db, session, form.orderId);
  if (earlier && earlier.id !== form.seen && (await isWithdrawn(deps, session, form))) return 'ask';
  return pay(deps, session, form.orderId, form.version, form.tappedAt);
}

/** Asked first, the customer is not charged by another tap on the page that did not ask yet. */
async function isWithdrawn(
  { store: { db } }: PaymentDeps,
  session: CustomerSession,
  { orderId, version }: PayForm,
): Promise<boolean> {
  const isOwn = (await findOrder(db, orderId, session)) !== null;
  return isOwn && (await withdrawTaps(db, orderId, version));
}
