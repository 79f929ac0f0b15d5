import { z } from 'zod';
import { sha256Hex } from '../base/ids.ts';
import { type Db, nowMs, type Store } from '../db/store.ts';
import { type OrderLine, totalOf } from '../orders/order.ts';
import type { Catalogue } from './catalogue.ts';

/** As many of one thing as a cart takes. */
export const MAX_QUANTITY = 20;
const MAX_LINES = 30;

/** A cart at today's prices. */
export type Cart = {
  version: number;
  lines: OrderLine[];
  totalCentavos: number;
  /** Names exactly what was shown: things, quantities and prices. Checkout of another quote asks again. */
  quote: string;
};

const itemsSchema = z.array(z.object({ itemId: z.string(), quantity: z.int().min(1).max(MAX_QUANTITY) }));
type Items = z.infer<typeof itemsSchema>;

type CartDeps = { store: Store; catalogue: Catalogue };

/** The session's cart; empty once a payment was opened for its order. Things no longer for sale are left out. */
export async function readCart({ store, catalogue }: CartDeps, sessionRow: string): Promise<Cart> {
  const { version, items } = await load(store.db, sessionRow);
  const lines: OrderLine[] = [];
  for (const { itemId, quantity } of items) {
    const item = await catalogue.find(itemId);
    if (item) lines.push({ itemId, name: item.name, unitCentavos: item.priceCentavos, quantity });
  }
  return { version, lines, totalCentavos: totalOf(lines), quote: quoteOf(version, lines) };
}

function quoteOf(version: number, lines: readonly OrderLine[]): string {
  return sha256Hex(JSON.stringify([version, lines])).slice(0, 16);
}

/**
 * Sets how many of a thing the cart holds; 0 takes it out.
 *
 * @param change the new quantity from the present one
 * @returns whether it was done; false for a thing that is not for sale, and for one more kind than a cart takes
 */
export async function changeCart(
  { store, catalogue }: CartDeps,
  sessionRow: string,
  itemId: string,
  change: (present: number) => number,
): Promise<boolean> {
  if (!(await catalogue.find(itemId))) return false;
  return store.transaction(async (tx) => {
    const { version, items } = await load(tx, sessionRow);
    const present = items.find((item) => item.itemId === itemId)?.quantity ?? 0;
    const quantity = Math.max(0, Math.min(MAX_QUANTITY, Math.trunc(change(present))));
    if (present === 0 && quantity > 0 && items.length >= MAX_LINES) return false;
    const others = items.filter((item) => item.itemId !== itemId);
    const kept =
      present > 0 ? items.map((item) => (item.itemId === itemId ? { itemId, quantity } : item)) : null;
    const next = (kept ?? [...others, { itemId, quantity }]).filter((item) => item.quantity > 0);
    const row = { version: version + 1, items: JSON.stringify(next), updated_at: nowMs };
    const changed = await tx
      .insertInto('carts')
      .values({ session_id: sessionRow, ...row })
      .onConflict((conflict) =>
        conflict.column('session_id').doUpdateSet(row).where('carts.version', '=', version),
      )
      .returning('version')
      .executeTakeFirst();
    if (!changed) throw new CartRace();
    return true;
  });
}

/** Two changes met on PostgreSQL; its code makes the store run the later one again. */
class CartRace extends Error {
  readonly code = '40001';
}

async function load(db: Db, sessionRow: string): Promise<{ version: number; items: Items }> {
  const row = await db
    .selectFrom('carts')
    .leftJoin('orders', (join) =>
      join
        .onRef('orders.session_id', '=', 'carts.session_id')
        .onRef('orders.cart_version', '=', 'carts.version')
        .on('orders.first_payment_at', 'is not', null),
    )
    .select(['carts.version', 'carts.items', 'orders.id as consumed_by'])
    .where('carts.session_id', '=', sessionRow)
    .limit(1)
    .executeTakeFirst();
  if (!row) return { version: 0, items: [] };
  return {
    version: row.version,
    items: row.consumed_by === null ? itemsSchema.parse(JSON.parse(row.items)) : [],
  };
}
