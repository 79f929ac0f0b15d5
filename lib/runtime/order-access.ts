import type { Order } from '../orders/order.ts';
import { privateOrderPath } from '../orders/order-key.ts';
import { type ViewedOrder, viewLinkedOrder, viewOrder } from '../payments/view-order.ts';
import { type RequestContext, shopperOf } from './request.ts';

/** An order as somebody may see it, and what this person may do with it. */
export type Access = ViewedOrder & {
  /** On which rail it can be paid from here; `null` where it cannot. */
  payOn: 'maya' | 'ecommpay' | null;
  /** Whether it is this person's own; else the link was shown. */
  isOwn: boolean;
  /** Whether the goods are this person's to collect: who ordered, or whose payment paid. The link alone shows no code. */
  mayCollect: boolean;
};

/**
 * The order for whoever asks: its customer, or who holds the key of its private link. A key grants seeing and paying
 * this order, and nothing else: no pick-up code, no cancelling, and no way into a payment that another browser began.
 * Inside Maya's webview it grants seeing alone.
 *
 * @returns `null` for an order of somebody else, as for one that does not exist
 */
export async function accessOrder(
  context: RequestContext,
  id: string,
  key: string | undefined,
): Promise<Access | null> {
  const { deps, session } = context;
  const shopper = shopperOf(context);
  const owner = session ?? shopper?.owner;
  const own = owner ? await viewOrder(deps, owner, id) : null;
  const linked = own || key === undefined ? null : await viewLinkedOrder(deps, deps.orderKeys, id, key);
  const viewed = own ?? linked;
  if (!viewed) return null;
  const rail = deps.ecommpay && !session ? 'ecommpay' : null;
  return {
    ...viewed,
    payOn: own && session?.live ? 'maya' : rail,
    isOwn: own !== null,
    mayCollect: own !== null || (owner !== undefined && viewed.status.payment?.session_id === owner.row),
  };
}

/** Where an order's page stands for this person. */
export const orderPath = (order: Pick<Order, 'id'>, key: string | undefined | null) =>
  key ? `/orders/${order.id}?key=${key}` : `/orders/${order.id}`;

/** The link that shows and pays the order in any browser. */
export const privateOrderUrl = ({ deps }: RequestContext, orderId: string): string =>
  new URL(privateOrderPath(deps.orderKeys, orderId), deps.settings.APP_URL).href;
