import { sha256Hex } from '../../base/ids.ts';
import type { Owner } from '../../orders/order.ts';

/**
 * The `customer.id` that ECommPay knows a customer by: the same for every payment of this customer, so that a payout
 * can follow a sale, and nothing that anybody could read a person from.
 */
export function customerIdOf(owner: Owner): string {
  return sha256Hex(`ecommpay customer ${owner.customerId ?? owner.row}`).slice(0, 32);
}
