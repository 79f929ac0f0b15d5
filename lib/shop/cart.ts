import { z } from 'zod';
import { sha256Hex } from '../base/ids.ts';
import { type Db, nowMs, type Store } from '../db/store.ts';
import { type OrderLine, totalOf } from '../orders/order.ts';
import type { Catalogue } from './catalogue.ts';
import { lineKey, priceSelection, type Selection } from './selection.ts';

/** As many of one thing as a cart takes. */
export const MAX_QUANTITY = 20;
const MAX_LINES = 30;

/** A cart at today's prices. */
export type Cart = {
  version: number;
  lines: CartLine[];
  totalCentavos: number;
  /** Names exactly what was shown: things, quantities and prices. Checkout of another quote asks again. */
  quote: string;
};

export type CartLine = OrderLine & {
  /** Names the line within its cart. */
  key: string;
  /** A bill is paid once: its quantity is not the customer's to change. */
  single: boolean;
};

const itemsSchema = z.array(
  z.object({
    key: z.string(),
    itemId: z.string(),
    choices: z.record(z.string(), z.string()).optional(),
    amountCentavos: z.int().positive().optional(),
    quantity: z.int().min(1).max(MAX_QUANTITY),
  }),
);
type Items = z.infer<typeof itemsSchema>;

type CartDeps = { store: Store; catalogue: Catalogue };

/** The session's cart; empty once a payment was opened for its order. Things no longer for sale are left out. */
export async function readCart({ store, catalogue }: CartDeps, sessionRow: string): Promise<Cart> {
  const { version, items } = await load(store.db, sessionRow);
  const lines: CartLine[] = [];
  for (const { key, quantity, ...selection } of items) {
    const item = await catalogue.find(selection.itemId);
    const priced = item && priceSelection(item, selection);
    if (priced) lines.push({ ...priced, quantity, key, single: item.amount !== undefined });
  }
  return { version, lines, totalCentavos: totalOf(lines), quote: quoteOf(version, lines) };
}

/** How many things the session's cart holds, for the page's head; what is no longer for sale counts until it is looked at. */
export async function countInCart(db: Db, sessionRow: string): Promise<number> {
  const { items } = await load(db, sessionRow);
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}

function quoteOf(version: number, lines: readonly CartLine[]): string {
  return sha256Hex(JSON.stringify([version, lines])).slice(0, 16);
}

/**
 * Puts so many of a selection into the cart; 0 takes it out. A bill stands there once, with the amount said last.
 *
 * @param change the new quantity from the present one
 * @returns whether it was done; false for what can't be had, and for one more line than a cart takes
 */
export async function putInCart(
  { store, catalogue }: CartDeps,
  sessionRow: string,
  selection: Selection,
  change: (present: number) => number,
): Promise<boolean> {
  const item = await catalogue.find(selection.itemId);
  if (!item || !priceSelection(item, selection)) return false;
  const key = lineKey(item, selection);
  return rewrite(store, sessionRow, (items) => {
    const held = items.find((line) => line.key === key);
    const line = { ...selection, key, quantity: quantityOf(selection, change(held?.quantity ?? 0)) };
    if (held) return items.map((other) => (other === held ? line : other));
    return items.length < MAX_LINES ? [...items, line] : null;
  });
}

/**
 * Changes the quantity of a line that the cart holds; 0 takes it out.
 *
 * @returns whether the cart has such a line
 */
export async function changeQuantity(
  { store }: Pick<CartDeps, 'store'>,
  sessionRow: string,
  key: string,
  quantity: number,
): Promise<boolean> {
  return rewrite(store, sessionRow, (items) =>
    items.some((line) => line.key === key)
      ? items.map((line) => (line.key === key ? { ...line, quantity: quantityOf(line, quantity) } : line))
      : null,
  );
}

/** A bill is paid once; of anything else a cart takes so many. */
const quantityOf = ({ amountCentavos }: Pick<Selection, 'amountCentavos'>, wanted: number) =>
  Math.max(0, Math.min(amountCentavos === undefined ? MAX_QUANTITY : 1, Math.trunc(wanted)));

/** Reads and writes the cart in one transaction; `null` leaves it as it is. */
async function rewrite(
  store: Store,
  sessionRow: string,
  change: (items: Items) => Items | null,
): Promise<boolean> {
  return store.transaction(async (tx) => {
    const { version, items } = await load(tx, sessionRow);
    const next = change(items)?.filter((line) => line.quantity > 0);
    if (!next) return false;
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
