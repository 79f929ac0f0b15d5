import { sql } from 'kysely';
import type { PaymentState } from '../db/schema.ts';
import type { Db } from '../db/store.ts';
import type { Order } from '../orders/order.ts';
import { type PaymentRow, UNSETTLED } from './payment.ts';
import { paidCentavos } from './taken.ts';
import { notReturned } from './tasks.ts';

/** What an order shows: the `state` of its page and of its address. */
export type OrderState = PaymentState | 'open' | 'expired' | 'cancelled';

export type OrderStatus = {
  state: OrderState;
  /** The payment that the state speaks of. */
  payment: PaymentRow | null;
  /**
   * A second payment of this order that took money, and was not given back. `approved`: it is owed back. In `review`: the
   * provider said "success" of another sum than `amount_centavos`, and a person is looking.
   */
  duplicate: PaymentRow | null;
  /**
   * What is paid, or to be paid. A person may have accepted a payment of another sum than the order's; `null`: one in
   * another currency.
   */
  paidCentavos: number | null;
  /** Whether Pay is offered (again). */
  payable: boolean;
  updatedAtMs: number;
};

/** Of two that took money the one that does not pay the order; where neither does, the later one. */
function secondSuccess(payments: readonly PaymentRow[], paidBy: string | null): PaymentRow | null {
  const marked = payments.find((payment) => payment.duplicate_paid === 1);
  const taken = payments.filter(({ state, debited }) => state === 'approved' || debited === 1);
  if (marked || taken.length < 2) return marked ?? null;
  return taken.find(({ id }) => id !== paidBy) ?? null;
}

/** Whether the outcome is still to come, so that whoever looks should be told when it does. */
export const isWaiting = (state: OrderState) => UNSETTLED.some((unsettled) => unsettled === state);

/**
 * Payments whose money was given back are no part of it. `approved` if the order is paid; else its claim's payment; else,
 * while it is open, its newest payment's outcome with Pay offered again, or `open`; else `expired` or `cancelled`.
 */
export async function orderStatus(db: Db, order: Order, nowMs: number): Promise<OrderStatus> {
  const payments = await db
    .selectFrom('payments')
    .selectAll()
    .select(sql<number>`case when ${notReturned()} then 1 else 0 end`.as('stands'))
    .where('order_id', '=', order.id)
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  const standing = payments.filter(({ stands }) => stands === 1);
  const byId = (id: string | null) => payments.find((payment) => payment.id === id) ?? null;
  const lapsed = order.claim === null && order.paidBy === null && order.expiresAtMs <= nowMs;
  const open = order.state === 'open' && !lapsed;
  const paying = byId(order.paidBy);
  const paid = paying ? await paidCentavos(db, paying) : order.totalCentavos;
  const status = (state: OrderState, payment: PaymentRow | null, payable = false): OrderStatus => ({
    state,
    payment,
    paidCentavos: paid,
    duplicate: secondSuccess(standing, order.paidBy),
    payable,
    updatedAtMs: Math.max(order.updatedAtMs, ...payments.map((candidate) => candidate.updated_at)),
  });

  if (order.paidBy !== null) return status('approved', paying);
  const claiming = byId(order.claim);
  if (claiming) return status(claiming.state, claiming);
  const newest = standing[0] ?? null;
  // Opened, or even approved, after the order was read: its page must not offer Pay beside that.
  if (newest && (isWaiting(newest.state) || newest.state === 'approved')) return status(newest.state, newest);
  if (open) return newest ? status(newest.state, newest, true) : status('open', null, true);
  return status(order.state === 'cancelled' ? 'cancelled' : 'expired', newest);
}
