import { isKey } from '../base/ids.ts';
import { findOrder, type Order, type Owner } from '../orders/order.ts';
import type { PaymentDeps } from './deps.ts';
import { follow } from './follow.ts';
import { isWaiting, type OrderStatus, orderStatus } from './order-status.ts';

export type ViewedOrder = { order: Order; status: OrderStatus };

/**
 * An order with what it shows. One whose payment is not settled gets a nudge, without waiting for it.
 *
 * @returns `null` for an order of somebody else, as for one that does not exist
 */
export async function viewOrder(deps: PaymentDeps, owner: Owner, id: string): Promise<ViewedOrder | null> {
  if (!isKey(id)) return null;
  const order = await findOrder(deps.store.db, id, owner);
  if (!order) return null;
  const now = deps.clock.now();
  const status = await orderStatus(deps.store.db, order, now);
  const { payment } = status;
  if (payment && isWaiting(status.state) && payment.next_ask_at <= now && payment.lease_until < now)
    void follow(deps, payment.id);
  return { order, status };
}
