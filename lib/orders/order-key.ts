import { isKey } from '../base/ids.ts';
import { isMac, type MacKeys, mac, makeMacKeys } from '../base/mac.ts';
import type { Db } from '../db/store.ts';
import { findOrderById, type Order } from './order.ts';

/**
 * The key of an order's private link, `/orders/<order>?key=…`. Whoever has the link may see and pay this order, and
 * nothing else. It is derived, not stored, and lives as long as `SESSION_PASSWORD`, or its predecessor, is known.
 */
export const makeOrderKeys = (password: string, previous?: string): MacKeys =>
  makeMacKeys('order-key', password, previous);

export const orderKey = (keys: MacKeys, orderId: string): string => mac(keys, orderId);

/** The part of an address that is private: it stands in no log. */
export const privateOrderPath = (keys: MacKeys, orderId: string): string =>
  `/orders/${orderId}?key=${orderKey(keys, orderId)}`;

/** @returns `null` for a key that is not of this order, as for an order that does not exist */
export async function findLinkedOrder(
  db: Db,
  keys: MacKeys,
  orderId: string,
  key: string,
): Promise<Order | null> {
  return isKey(orderId) && isMac(keys, orderId, key) ? findOrderById(db, orderId) : null;
}
