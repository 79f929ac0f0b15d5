import type { Ids } from '../base/ids.ts';
import type { Store } from '../db/store.ts';
import type { Owner } from '../orders/order.ts';
import { placeOrder } from '../orders/place-order.ts';
import { readCart } from './cart.ts';
import type { Catalogue } from './catalogue.ts';

/** Nothing is ordered where the customer would pay for something else than was shown. */
export type Checkout =
  | { kind: 'order'; orderId: string }
  | { kind: 'refused'; reason: 'cart_changed' | 'cart_empty' | 'amount' };

/**
 * Turns the cart into an order with a fixed total, or leads to the order that this cart became already.
 *
 * @param quote of the cart that the customer saw
 */
export async function checkOut(
  deps: {
    store: Store;
    ids: Ids;
    catalogue: Catalogue;
    limits: { minCentavos: number; maxCentavos: number };
  },
  owner: Owner,
  quote: string,
): Promise<Checkout> {
  const cart = await readCart(deps, owner.row);
  if (cart.lines.length === 0) return { kind: 'refused', reason: 'cart_empty' };
  if (cart.quote !== quote) return { kind: 'refused', reason: 'cart_changed' };
  const { minCentavos, maxCentavos } = deps.limits;
  if (cart.totalCentavos < minCentavos || cart.totalCentavos > maxCentavos)
    return { kind: 'refused', reason: 'amount' };
  const lines = cart.lines.map(({ key: _, single: __, ...line }) => line);
  return { kind: 'order', orderId: await placeOrder(deps, owner, cart.version, lines) };
}
