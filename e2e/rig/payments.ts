import { acknowledgeAlarms, listAlarms } from '#lib/ops/alarms.ts';
import { executesOf } from '#lib/payments/executes.ts';
import { loadEvents, type PaymentRow } from '#lib/payments/payment.ts';
import type { Runtime } from '#lib/runtime/build.ts';

/** Every payment of an order, the oldest first. */
export function paymentsOf(deps: Runtime, orderId: string): Promise<PaymentRow[]> {
  return deps.store.db
    .selectFrom('payments')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('opened_at')
    .orderBy('id')
    .execute();
}

export async function onlyPayment(deps: Runtime, orderId: string): Promise<PaymentRow> {
  const [payment, ...more] = await paymentsOf(deps, orderId);
  if (!payment || more.length > 0)
    throw new Error(`the order has ${more.length + (payment ? 1 : 0)} payments`);
  return payment;
}

export function orderRow(deps: Runtime, orderId: string) {
  return deps.store.db.selectFrom('orders').selectAll().where('id', '=', orderId).executeTakeFirstOrThrow();
}

/** Kinds of the facts on record, e.g. `create_attempt 1`. */
export async function history(deps: Runtime, paymentId: string): Promise<string[]> {
  const events = await loadEvents(deps.store.db, paymentId);
  return events.map(({ fact }) => ('attempt' in fact ? `${fact.kind} ${fact.attempt}` : fact.kind));
}

export async function executeCount(deps: Runtime, paymentId: string): Promise<number> {
  return executesOf(await loadEvents(deps.store.db, paymentId)).length;
}

/** Open alarms, as `kind subject`. */
export async function alarms(deps: Runtime, subject: string): Promise<string[]> {
  const rows = await deps.store.db
    .selectFrom('alarms')
    .select('kind')
    .where('subject', '=', subject)
    .where('acknowledged_at', 'is', null)
    .orderBy('kind')
    .execute();
  return rows.map(({ kind }) => kind);
}

/** A person closes every alarm that is open about something. @returns their kinds */
export async function acknowledgeAll(deps: Runtime, subject: string): Promise<string[]> {
  const seen = (await listAlarms(deps.store.db)).find((alarm) => alarm.subject === subject)?.seen ?? 0;
  const who = { actor: 'ana', evidence: 'looked' };
  const closed = await acknowledgeAlarms(deps, subject, seen, who, 'alarm.acknowledge');
  return Array.isArray(closed) ? closed : [];
}

export async function outboxKinds(deps: Runtime, orderId: string): Promise<string[]> {
  const rows = await deps.store.db
    .selectFrom('outbox')
    .select(['kind', 'payment_id'])
    .where('order_id', '=', orderId)
    .orderBy('number')
    .execute();
  return rows.map(({ kind }) => kind);
}

/** What is told of an order: each event's kind, and what it carries. */
export async function outboxPayloads(deps: Runtime, orderId: string): Promise<[string, unknown][]> {
  const rows = await deps.store.db
    .selectFrom('outbox')
    .select(['kind', 'payload'])
    .where('order_id', '=', orderId)
    .orderBy('number')
    .execute();
  return rows.map(({ kind, payload }) => [kind, JSON.parse(payload)]);
}
