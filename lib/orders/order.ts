import { type ExpressionBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { CustomerSession } from '../customer-session/sessions.ts';
import type { Database, OrdersTable } from '../db/schema.ts';
import type { Db } from '../db/store.ts';

/** What the customer buys, as it was when checkout opened. Names and prices here never change again. */
export type OrderLine = {
  itemId: string;
  name: string;
  /** What was chosen, such as size and grind. */
  detail?: string | undefined;
  /** The same in Filipino, for pages in that language. */
  inFilipino?: { name: string; detail?: string | undefined } | undefined;
  unitCentavos: number;
  quantity: number;
};

/** An order: lines, a total fixed when checkout opened, and the two columns that guard the money. */
export type Order = {
  id: string;
  sessionRow: string;
  cartVersion: number;
  state: 'open' | 'expired' | 'cancelled';
  /** Shown with Pay and sent back by it: a tap on an older page pays nothing. */
  version: number;
  totalCentavos: number;
  lines: OrderLine[];
  /** The payment that may charge now. */
  claim: string | null;
  /** The payment that did. */
  paidBy: string | null;
  expiresAtMs: number;
  createdAtMs: number;
  updatedAtMs: number;
};

/** Whose orders: those of this session, and of every session of the same verified customer. */
export type Owner = Pick<CustomerSession, 'row' | 'customerId'>;

const linesSchema = z.array(
  z.object({
    itemId: z.string(),
    name: z.string(),
    detail: z.string().optional(),
    inFilipino: z.object({ name: z.string(), detail: z.string().optional() }).optional(),
    unitCentavos: z.int().nonnegative(),
    quantity: z.int().positive(),
  }),
);

export function toOrder(row: Selectable<OrdersTable>): Order {
  return {
    id: row.id,
    sessionRow: row.session_id,
    cartVersion: row.cart_version,
    state: row.state,
    version: row.version,
    totalCentavos: row.total_centavos,
    lines: linesSchema.parse(JSON.parse(row.lines)),
    claim: row.claim,
    paidBy: row.paid_by,
    expiresAtMs: row.expires_at,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
  };
}

/** Sum of the lines, in centavos. */
export function totalOf(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, line) => sum + line.unitCentavos * line.quantity, 0);
}

/**
 * Orders of the session itself, and of every session of the same verified customer. As one list of sessions: with an `or`
 * of the two PostgreSQL reads all orders of the shop.
 */
const ownedBy = (owner: Owner) => (eb: ExpressionBuilder<Database, 'orders'>) =>
  owner.customerId === null
    ? eb('orders.session_id', '=', owner.row)
    : eb('orders.session_id', 'in', (of) =>
        of
          .selectFrom('sessions')
          .select('sessions.id')
          .where('customer_id', '=', owner.customerId)
          .unionAll(sql<{ id: string }>`select cast(${owner.row} as text) as id`),
      );

/** @returns `null` for an order of somebody else, as for one that does not exist */
export async function findOrder(db: Db, id: string, owner: Owner): Promise<Order | null> {
  const row = await db
    .selectFrom('orders')
    .selectAll()
    .where('id', '=', id)
    .where(ownedBy(owner))
    .executeTakeFirst();
  return row ? toOrder(row) : null;
}

/** Whoever calls has made sure that the order may be shown: it holds a key to it, or had it a moment ago. */
export async function findOrderById(db: Db, id: string): Promise<Order | null> {
  const row = await db.selectFrom('orders').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? toOrder(row) : null;
}

const HISTORY_LENGTH = 50;

/** Newest first. */
export async function listOrders(db: Db, owner: Owner): Promise<Order[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .where(ownedBy(owner))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(HISTORY_LENGTH)
    .execute();
  return rows.map(toOrder);
}
