import { loadEvents } from '#lib/payments/payment.ts';
import type { Stage } from '../built/stage.ts';
import type { Rail } from './rails.ts';
import { judge, type OrderFacts, type PaymentFacts, type Verdict } from './verdict.ts';

/** Both sides' books. */
export type Books = { orders: OrderFacts[]; strays: number };

/** Reads what store and simulator have about orders that were placed since `sinceMs`, by the store's clock. */
export async function readBooks(
  stage: Stage,
  rail: Rail,
  customers: readonly string[],
  sinceMs: number,
): Promise<Books> {
  const { db } = stage.store;
  const orders = await db.selectFrom('orders').selectAll().where('created_at', '>=', sinceMs).execute();
  const payments = await db.selectFrom('payments').selectAll().where('opened_at', '>=', sinceMs).execute();
  const events = await db.selectFrom('outbox').selectAll().where('created_at', '>=', sinceMs).execute();
  const pickups = await db.selectFrom('pickups').selectAll().where('created_at', '>=', sinceMs).execute();
  const ours = new Set(customers);
  const debits = rail.debits(stage).filter(({ customer }) => ours.has(customer));
  const known = new Map(payments.map((payment) => [payment.provider_id, payment]));
  const paymentsOf = Map.groupBy(payments, (payment) => payment.order_id);
  const eventsOf = Map.groupBy(events, (event) => event.order_id);
  const pickupsOf = Map.groupBy(pickups, (pickup) => pickup.order_id);
  const debitsOf = Map.groupBy(debits, ({ paymentId }) => known.get(paymentId)?.order_id);

  const facts: OrderFacts[] = [];
  for (const order of orders) {
    const own = paymentsOf.get(order.id) ?? [];
    const charged = debitsOf.get(order.id) ?? [];
    const said = (eventsOf.get(order.id) ?? []).filter((event) => event.kind === 'order.paid');
    facts.push({
      order: order.id,
      customer: charged[0]?.customer ?? '',
      totalCentavos: order.total_centavos,
      paidBy: order.paid_by,
      payments: await Promise.all(
        own.map(async (payment): Promise<PaymentFacts> => {
          const recorded = await loadEvents(db, payment.id);
          const first = recorded.find(({ fact }) => rail.isFirstSend(fact));
          return {
            id: payment.id,
            providerId: payment.provider_id,
            state: payment.state,
            confirmedBy: payment.confirmed_by,
            duplicate: payment.duplicate_paid === 1,
            openedBy: recorded[0]?.recordedBy ?? '',
            firstExecuteBy: first?.recordedBy ?? null,
          };
        }),
      ),
      debits: charged,
      announced: said.length,
      delivered: said.filter((event) => event.delivered_at !== null).length,
      pickups: (pickupsOf.get(order.id) ?? []).filter((pickup) => pickup.withdrawn === 0).length,
    });
  }
  return { orders: facts, strays: debits.filter(({ paymentId }) => !known.has(paymentId)).length };
}

/** Payments that machines still have to bring to an end. */
export async function unsettledIds(stage: Stage): Promise<string[]> {
  const rows = await stage.store.db
    .selectFrom('payments')
    .select('id')
    .where('state', 'in', ['creating', 'created', 'executing'])
    .execute();
  return rows.map(({ id }) => id);
}

export const unsettled = async (stage: Stage): Promise<number> => (await unsettledIds(stage)).length;

/** Events for fulfilment that did not arrive yet. */
export async function undelivered(stage: Stage): Promise<number> {
  const { count } = await stage.store.db
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('delivered_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Waits until `look` answers 0. @returns how long that took, or `null` where it did not come within `limitMs` */
export async function untilNone(look: () => Promise<number>, limitMs: number): Promise<number | null> {
  const started = performance.now();
  for (;;) {
    if ((await look()) === 0) return performance.now() - started;
    if (performance.now() - started > limitMs) return null;
    await pause(50);
  }
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export const judgeBooks = ({ orders, strays }: Books, excused = false): Verdict =>
  judge(orders, strays, excused);
