import type { Selectable } from 'kysely';
import { isOneOf } from '../db/each.ts';
import type { PaymentState, PaymentsTable } from '../db/schema.ts';
import type { Db } from '../db/store.ts';
import { factSchema, type PaymentEvent } from './facts.ts';

export type PaymentRow = Selectable<PaymentsTable>;

/** States without a final answer. */
export const UNSETTLED: readonly PaymentState[] = ['creating', 'created', 'executing', 'review'];

export const isFinal = (state: PaymentState) => !UNSETTLED.includes(state);

export async function findPayment(db: Db, id: string): Promise<PaymentRow | null> {
  return (await db.selectFrom('payments').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** All facts of a payment, in the order they were recorded. */
export async function loadEvents(db: Db, paymentId: string): Promise<PaymentEvent[]> {
  return (await loadEventsOfEach(db, [paymentId])).get(paymentId) ?? [];
}

/** All facts of each of these payments, in the order they were recorded. */
export async function loadEventsOfEach(
  db: Db,
  paymentIds: readonly string[],
): Promise<Map<string, PaymentEvent[]>> {
  const rows = await db
    .selectFrom('payment_events')
    .select(['payment_id', 'number', 'kind', 'data', 'recorded_at', 'recorded_by'])
    .where(isOneOf(db, 'payment_id', paymentIds))
    .orderBy('payment_id')
    .orderBy('number')
    .execute();
  const events = new Map<string, PaymentEvent[]>(paymentIds.map((id) => [id, []]));
  for (const row of rows)
    events.get(row.payment_id)?.push({
      number: row.number,
      recordedAtMs: row.recorded_at,
      recordedBy: row.recorded_by,
      fact: factSchema.parse({ kind: row.kind, ...(JSON.parse(row.data) as object) }),
    });
  return events;
}
