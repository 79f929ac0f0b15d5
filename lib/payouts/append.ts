import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { type AlarmKind, raiseAlarm } from '../db/alarms.ts';
import type { Database } from '../db/schema.ts';
import { nowMs, type Tx } from '../db/store.ts';
import { isUnanswered } from '../ecommpay/ambiguous.ts';
import type { RecordDeps } from './deps.ts';
import { type Fact, factKey, type PayoutEvent } from './facts.ts';
import { loadEvents, type PayoutRow } from './payout.ts';
import { type Conclusion, reduce } from './reduce.ts';

type Guard = (eb: ExpressionBuilder<Database, 'payouts'>) => Expression<SqlBool>;

/** A payout with its row locked, for the length of the transaction. */
export type Locked = { row: PayoutRow; events: PayoutEvent[]; nowMs: number };

/** Locks a payout's row by writing it, where `guard` holds; else `null`, and nothing may be sent. */
export async function lockPayout(tx: Tx, id: string, guard?: Guard): Promise<Locked | null> {
  let query = tx.updateTable('payouts').set({ updated_at: nowMs }).where('id', '=', id);
  if (guard) query = query.where(guard);
  const row = await query.returningAll().returning(nowMs.as('now')).executeTakeFirst();
  return row ? { row, events: await loadEvents(tx, id), nowMs: row.now } : null;
}

/**
 * Records facts of a locked payout and everything that follows from them: its state, the ledger, its batch's stop,
 * alarms. A fact that is on record already is not recorded again.
 */
export async function append(
  tx: Tx,
  deps: RecordDeps,
  locked: Locked,
  facts: readonly Fact[],
): Promise<{ locked: Locked; after: Conclusion }> {
  const { row } = locked;
  const known = new Set(locked.events.map((event) => factKey(event.fact)));
  const added: PayoutEvent[] = facts
    .filter((fact) => !known.has(factKey(fact)))
    .map((fact, index) => ({
      number: row.version + index + 1,
      recordedAtMs: locked.nowMs,
      recordedBy: deps.instance,
      fact,
    }));
  const before = reduce(locked.events);
  if (added.length === 0) return { locked, after: before };
  await tx
    .insertInto('payout_events')
    .values(
      added.map(({ number, fact, recordedAtMs, recordedBy }) => {
        const { kind, ...data } = fact;
        return {
          payout_id: row.id,
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
    asking: after.asking,
    staff_decided: after.staffDecided ? 1 : 0,
    // Nobody will send for it any more, so nobody needs the lease.
    ...(after.asking === 'no' ? { lease_until: 0 } : {}),
  };
  await tx.updateTable('payouts').set(changes).where('id', '=', row.id).execute();
  await writeLedger(tx, row, changes.version, before, after);
  if (after.stops && after.stops !== before.stops) await stopBatch(tx, deps, row.batch_id, after.stops);
  const anew: AlarmKind[] = isUnanswered(added) ? ['status_unanswered'] : [];
  for (const kind of after.alarms)
    if (!before.alarms.includes(kind) || anew.includes(kind))
      await raiseAlarm(deps, tx, { kind, subject: row.id });
  // Whatever an older version of this code made of the facts before.
  const mayBeOver = (kind: AlarmKind) => before.alarms.includes(kind) || row.state !== after.state;
  const over = OF_NOW.filter((kind) => mayBeOver(kind) && !after.alarms.includes(kind));
  if (over.length > 0) await closeAlarms(tx, row.id, over);
  if (before.state !== after.state || before.reason !== after.reason)
    deps.log.info('payout.state', {
      payment: row.id,
      state: after.state,
      reason: after.reason,
      confirmedBy: after.confirmedBy,
    });
  return { locked: { ...locked, row: { ...row, ...changes }, events }, after };
}

/** Paid out means booked, in the same transaction. */
async function writeLedger(tx: Tx, row: PayoutRow, number: number, before: Conclusion, after: Conclusion) {
  const wasPaid = before.state === 'paid';
  const isPaid = after.state === 'paid';
  if (wasPaid === isPaid) return;
  await tx
    .insertInto('payout_ledger')
    .values({
      payout_id: row.id,
      number,
      amount_centavos: isPaid ? row.amount_centavos : -row.amount_centavos,
      at: nowMs,
    })
    .execute();
}

/** Only a batch that is being sent; the rest of it stays as it is until staff sends again. */
export async function stopBatch(tx: Tx, deps: RecordDeps, batchId: string, reason: string): Promise<void> {
  const stopped = await tx
    .updateTable('payout_batches')
    .set({ state: 'stopped', reason, updated_at: nowMs })
    .where('id', '=', batchId)
    .where('state', '=', 'sending')
    .returning('id')
    .executeTakeFirst();
  if (!stopped) return;
  deps.log.warn('payout.batch_stopped', { subject: batchId, reason });
  await raiseAlarm(deps, tx, { kind: 'payout_batch_stopped', subject: batchId });
}

/** Alarms of how a payout stands now: over when it does not stand so any more. Others are for people to close. */
const OF_NOW: readonly AlarmKind[] = ['payout_in_review', 'payout_duplicate', 'payout_clarification'];

async function closeAlarms(tx: Tx, payoutId: string, kinds: readonly AlarmKind[]): Promise<void> {
  await tx
    .updateTable('alarms')
    .set({ acknowledged_at: nowMs, acknowledged_by: 'settled' })
    .where('kind', 'in', kinds)
    .where('subject', '=', payoutId)
    .where('acknowledged_at', 'is', null)
    .execute();
}
