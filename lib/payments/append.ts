import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Ids } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { raiseAlarm } from '../db/alarms.ts';
import type { Database } from '../db/schema.ts';
import { nowMs, type Tx } from '../db/store.ts';
import { type Fact, factKey, type PaymentEvent } from './facts.ts';
import { applyToOrder } from './order-effects.ts';
import { loadEvents, type PaymentRow } from './payment.ts';
import { type Conclusion, reduce } from './reduce.ts';

export type AppendDeps = { ids: Ids; log: Log; instance: string };

type Guard = (eb: ExpressionBuilder<Database, 'payments'>) => Expression<SqlBool>;

/** A payment with its row locked, for the length of the transaction. */
export type Locked = {
  row: PaymentRow;
  events: PaymentEvent[];
  /** The store's clock at the lock. */
  nowMs: number;
};

/**
 * Locks a payment's row by writing it, where `guard` holds.
 *
 * @returns `null` where the payment does not exist or the guard does not hold: then nothing may be sent
 */
export async function lockPayment(tx: Tx, id: string, guard?: Guard): Promise<Locked | null> {
  let query = tx.updateTable('payments').set({ updated_at: nowMs }).where('id', '=', id);
  if (guard) query = query.where(guard);
  const row = await query.returningAll().returning(nowMs.as('now')).executeTakeFirst();
  if (!row) return null;
  return { row, events: await loadEvents(tx, id), nowMs: row.now };
}

/**
 * Records facts of a locked payment and everything that follows from them: the payment's state, the order's claim and
 * whether it is paid, the outbox, alarms and tasks. A fact that is on record already is not recorded again.
 *
 * @returns what the facts mean now
 */
export async function append(
  tx: Tx,
  deps: AppendDeps,
  locked: Locked,
  facts: readonly Fact[],
): Promise<{ locked: Locked; before: Conclusion; after: Conclusion }> {
  const { row } = locked;
  const known = new Set(locked.events.map((event) => factKey(event.fact)));
  const added: PaymentEvent[] = facts
    .filter((fact) => !known.has(factKey(fact)))
    .map((fact, index) => ({
      number: row.version + index + 1,
      recordedAtMs: locked.nowMs,
      recordedBy: deps.instance,
      fact,
    }));
  const before = reduce(locked.events);
  if (added.length === 0) return { locked, before, after: before };

  await tx
    .insertInto('payment_events')
    .values(
      added.map(({ number, fact, recordedAtMs, recordedBy }) => {
        const { kind, ...data } = fact;
        return {
          payment_id: row.id,
          number,
          key: factKey(fact),
          kind,
          data: JSON.stringify(data),
          recorded_at: recordedAtMs,
          recorded_by: recordedBy,
        };
      }),
    )
    .execute();
  const events = [...locked.events, ...added];
  const after = reduce(events);
  const changes = {
    version: row.version + added.length,
    state: after.state,
    reason: after.reason,
    confirmed_by: after.confirmedBy,
    provider_id: after.providerId,
    asking: after.asking,
    staff_decided: after.staffDecided ? 1 : 0,
    // Nobody will send for it any more, so nobody needs the lease.
    ...(after.asking === 'no' ? { lease_until: 0 } : {}),
  };
  await tx.updateTable('payments').set(changes).where('id', '=', row.id).execute();
  await applyToOrder(tx, deps, row, before, after);
  for (const kind of after.alarms)
    if (!before.alarms.includes(kind)) await raiseAlarm(deps, tx, { kind, subject: row.id });
  if (before.state === 'review' && after.state !== 'review') await closeReviewAlarm(tx, row.id);
  if (before.state !== after.state || before.reason !== after.reason)
    deps.log.info('payment.state', {
      payment: row.id,
      order: row.order_id,
      state: after.state,
      reason: after.reason,
      confirmedBy: after.confirmedBy,
    });
  return { locked: { ...locked, row: { ...row, ...changes }, events }, before, after };
}

/** The open question is answered; alarms about how it came to be stay until a person has read them. */
async function closeReviewAlarm(tx: Tx, paymentId: string): Promise<void> {
  await tx
    .updateTable('alarms')
    .set({ acknowledged_at: nowMs, acknowledged_by: 'settled' })
    .where('kind', '=', 'payment_in_review')
    .where('subject', '=', paymentId)
    .where('acknowledged_at', 'is', null)
    .execute();
}
