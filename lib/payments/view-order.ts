import { isKey } from '../base/ids.ts';
import type { MacKeys } from '../base/mac.ts';
import { findOrder, type Order, type Owner } from '../orders/order.ts';
import { findLinkedOrder } from '../orders/order-key.ts';
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
  return order && show(deps, order);
}

/** The same for whoever holds the key of the order's private link. */
export async function viewLinkedOrder(
  deps: PaymentDeps,
  keys: MacKeys,
  id: string,
  key: string,
): Promise<ViewedOrder | null> {
  const order = await findLinkedOrder(deps.store.db, keys, id, key);
  return order && show(deps, order);
}

async function show(deps: PaymentDeps, order: Order): Promise<ViewedOrder> {
  const now = deps.clock.now();
  const status = await orderStatus(deps.store.db, order, now);
  const { payment } = status;
  if (payment && isWaiting(status.state) && payment.next_ask_at <= now && payment.lease_until < now)
    void follow(deps, payment.id);
  return { order, status };
}
