import { sql } from 'kysely';
import type { Ids } from '../base/ids.ts';
import { nowMs, nowPlus, type Store, type Tx } from '../db/store.ts';
import { cancelOrder, closeLapsed } from './close-order.ts';
import { type OrderLine, type Owner, totalOf } from './order.ts';

/** How long an unpaid order can be paid. */
export const ORDER_LIFETIME_MS = 30 * 60 * 1_000;

/**
 * Opens checkout: one order per version of a cart. Where that cart's order still lives, this leads to it; one that
 * nobody has paid on and that says something else by now (a price changed) is closed first.
 *
 * @returns the order's id
 */
export async function placeOrder(
  deps: { store: Store; ids: Ids },
  owner: Owner,
  cartVersion: number,
  lines: readonly OrderLine[],
): Promise<string> {
  const text = JSON.stringify(lines);
  return deps.store.transaction(async (tx) => {
    await closeLapsed(tx, { sessionRow: owner.row, cartVersion });
    const live = await findLive(tx, owner, cartVersion);
    if (live?.lines === text) return live.id;
    if (live && !(await cancelOrder(tx, live.id))) return live.id;
    const placed = await tx
      .insertInto('orders')
      .values({
        id: deps.ids.key(),
        session_id: owner.row,
        cart_version: cartVersion,
        state: 'open',
        total_centavos: totalOf(lines),
        lines: text,
        expires_at: nowPlus(ORDER_LIFETIME_MS),
        created_at: nowMs,
        updated_at: nowMs,
      })
      // The literal is what makes the store see the partial index.
      .onConflict((conflict) =>
        conflict.columns(['session_id', 'cart_version']).where('state', '=', sql.lit('open')).doNothing(),
      )
      .returning('id')
      .executeTakeFirst();
    if (!placed) throw new PlacedMeanwhile();
    return placed.id;
  });
}

async function findLive(tx: Tx, owner: Owner, cartVersion: number) {
  return tx
    .selectFrom('orders')
    .select(['id', 'lines'])
    .where('session_id', '=', owner.row)
    .where('cart_version', '=', cartVersion)
    .where('state', '=', 'open')
    .executeTakeFirst();
}

/** PostgreSQL: another tap placed it between two statements; its code makes the store run them again. */
class PlacedMeanwhile extends Error {
  readonly code = '40001';
}
