import type { Selectable } from 'kysely';
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
  const rows = await db
    .selectFrom('payment_events')
    .select(['number', 'kind', 'data', 'recorded_at', 'recorded_by'])
    .where('payment_id', '=', paymentId)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({
    number: row.number,
    recordedAtMs: row.recorded_at,
    recordedBy: row.recorded_by,
    fact: factSchema.parse({ kind: row.kind, ...(JSON.parse(row.data) as object) }),
  }));
}
