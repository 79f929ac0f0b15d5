import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Ids } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { raiseAlarm } from '../db/alarms.ts';
import { insertEach, isOneOf, lockEach, updateEach } from '../db/each.ts';
import type { Database } from '../db/schema.ts';
import { nowMs, type Tx } from '../db/store.ts';
import { alarmsOfSaid } from './ecommpay/alarms-of-said.ts';
import { type Fact, factKey, type PaymentEvent } from './facts.ts';
import { applyToOrders } from './order-effects.ts';
import { loadEvents, loadEventsOfEach, type PaymentRow } from './payment.ts';
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
 * Locks several payments, in one order of theirs, so that two transactions that do so do not wait for each other.
 *
 * @returns those that exist and for which `guard` holds
 */
export async function lockPayments(tx: Tx, ids: readonly string[], guard?: Guard): Promise<Locked[]> {
  await lockEach(tx, 'payments', ids);
  let query = tx
    .selectFrom('payments')
    .selectAll()
    .select(nowMs.as('now'))
    .where(isOneOf(tx, 'id', ids));
  if (guard) query = query.where(guard);
  const rows = await query.orderBy('id').execute();
  const events = await loadEventsOfEach(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.map(({ now, ...row }) => ({ row, events: events.get(row.id) ?? [], nowMs: now }));
}

/** Facts of one locked payment. */
export type Addition = { locked: Locked; facts: readonly Fact[] };

/** A payment after its facts were recorded, and what they meant before and mean now. */
export type Appended = { locked: Locked; before: Conclusion; after: Conclusion };

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
): Promise<Appended> {
  const [appended] = await appendToEach(tx, deps, [{ locked, facts }]);
  if (!appended) throw new Error('a payment was lost on the way');
  return appended;
}

/**
 * The same for several payments, each named once.
 *
 * @returns one each, in the order they came
 */
export async function appendToEach(
  tx: Tx,
  deps: AppendDeps,
  additions: readonly Addition[],
): Promise<Appended[]> {
  const concluded = additions.map((addition) => conclude(deps, addition));
  const changed = concluded.filter(({ added }) => added.length > 0);
  await insertEach(
    tx,
    'payment_events',
    changed.flatMap(({ locked, added }) => added.map((event) => eventRow(locked.row.id, event))),
  );
  for (const ended of [true, false])
    await updateEach(
      tx,
      'payments',
      'id',
      changed
        .filter((one) => one.ended === ended)
        .map(({ locked, changes }) => ({ id: locked.row.id, ...changes })),
    );
  await applyToOrders(
    tx,
    deps,
    changed.map(({ locked, before, after }) => ({ payment: locked.row, before, after })),
  );
  for (const one of changed) await tellStaff(tx, deps, one);
  return concluded.map(({ locked, changes, events, before, after }) => ({
    locked: { ...locked, row: { ...locked.row, ...changes }, events },
    before,
    after,
  }));
}

/** What these facts make of the payment. */
function conclude({ instance }: AppendDeps, { locked, facts }: Addition) {
  const { row } = locked;
  const known = new Set(locked.events.map((event) => factKey(event.fact)));
  const isNew = (key: string) => !known.has(key) && known.add(key);
  const added: PaymentEvent[] = facts
    .filter((fact) => isNew(factKey(fact)))
    .map((fact, index) => ({
      number: row.version + index + 1,
      recordedAtMs: locked.nowMs,
      recordedBy: instance,
      fact,
    }));
  const before = reduce(locked.events);
  const events = [...locked.events, ...added];
  const after = added.length > 0 ? reduce(events) : before;
  // Those that ended give their lease back: nobody will send for them any more. What was recorded just now leaves yet: a
  // repeat that a person wished for, of a payment that nobody else asks about.
  const ended = after.asking === 'no' && !added.some(({ fact }) => fact.kind === 'execute_attempt');
  const changes: Partial<PaymentRow> = {
    version: row.version + added.length,
    state: after.state,
    reason: after.reason,
    confirmed_by: after.confirmedBy,
    provider_id: after.providerId,
    asking: after.asking,
    staff_decided: after.staffDecided ? 1 : 0,
    debited: after.debited ? 1 : 0,
    ...(ended ? { lease_until: 0 } : {}),
    updated_at: locked.nowMs,
  };
  return { locked, added, events, before, after, changes, ended };
}

function eventRow(paymentId: string, { number, fact, recordedAtMs, recordedBy }: PaymentEvent) {
  const { kind, ...data } = fact;
  return {
    payment_id: paymentId,
    number,
    key: factKey(fact),
    kind,
    data: JSON.stringify(data),
    recorded_at: recordedAtMs,
    recorded_by: recordedBy,
  };
}

/** Alarms that the new facts raise or end, and the line in the log. */
async function tellStaff(
  tx: Tx,
  deps: AppendDeps,
  { locked: { row }, added, before, after }: ReturnType<typeof conclude>,
): Promise<void> {
  // One that somebody has seen to is raised anew by what is said later.
  const anew = new Set(added.flatMap(({ fact }) => alarmsOfSaid(fact)));
  for (const kind of after.alarms)
    if (!before.alarms.includes(kind) || anew.has(kind))
      await raiseAlarm(deps, tx, { kind, subject: row.id });
  if (before.state === 'review' && after.state !== 'review') await closeReviewAlarm(tx, row.id);
  if (before.state !== after.state || before.reason !== after.reason)
    deps.log.info('payment.state', {
      payment: row.id,
      order: row.order_id,
      state: after.state,
      reason: after.reason,
      confirmedBy: after.confirmedBy,
    });
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
