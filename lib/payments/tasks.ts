import { sql } from 'kysely';
import { isOneOf } from '../db/each.ts';
import { type Db, nowMs, type Tx } from '../db/store.ts';
import type { AppendDeps } from './append.ts';

/** Who closes a task that facts have settled: no person may act under this name. */
export const MACHINE = 'machine';

/** A payment's money is to be given back, for another one pays its order. */
export const RETURN = 'return_duplicate';

/** What a person has to do about a payment. One of a kind, opened again where need be. */
export async function openTask(tx: Tx, deps: AppendDeps, kind: string, paymentId: string): Promise<void> {
  await tx
    .insertInto('tasks')
    .values({ id: deps.ids.key(), kind, payment_id: paymentId, opened_at: nowMs })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'payment_id']).doUpdateSet({
        opened_at: nowMs,
        closed_at: null,
        closed_by: null,
        evidence: null,
      }),
    )
    .execute();
}

/** Whether a person can record that a payment's money was given back: a task asked for it, and no person has closed it. */
export async function isReturnable(db: Db, paymentId: string): Promise<boolean> {
  const task = await db
    .selectFrom('tasks')
    .select('id')
    .where('kind', '=', RETURN)
    .where('payment_id', '=', paymentId)
    .where((eb) => eb.or([eb('closed_at', 'is', null), eb('closed_by', '=', MACHINE)]))
    .executeTakeFirst();
  return task !== undefined;
}

/** Done by the facts themselves. */
export async function closeTask(tx: Tx, kind: string, paymentId: string, evidence: string): Promise<void> {
  await tx
    .updateTable('tasks')
    .set({ closed_at: nowMs, closed_by: MACHINE, evidence })
    .where('kind', '=', kind)
    .where('payment_id', '=', paymentId)
    .where('closed_at', 'is', null)
    .execute();
}

/**
 * A person gave a payment's money back, since a task asked for it: be it that facts have closed the task in the meantime.
 *
 * @returns whether there was such a task that no person had closed
 */
export async function markReturned(
  tx: Tx,
  paymentId: string,
  by: { actor: string; evidence: string },
): Promise<boolean> {
  const marked = await tx
    .updateTable('tasks')
    .set({ closed_at: nowMs, closed_by: by.actor, evidence: by.evidence })
    .where('kind', '=', RETURN)
    .where('payment_id', '=', paymentId)
    .where((eb) => eb.or([eb('closed_at', 'is', null), eb('closed_by', '=', MACHINE)]))
    .returning('id')
    .executeTakeFirst();
  return marked !== undefined;
}

/**
 * Of a query's payments: those whose money no person gave back. What was given back pays for nothing any more, holds no
 * order and bars no other payment, whatever is said of it later: its order is charged once in sum without it.
 *
 * @param payments their name in the query
 */
export const notReturned = (payments = 'payments') => sql<boolean>`not exists (
  select 1 from tasks
  where tasks.payment_id = ${sql.ref(`${payments}.id`)} and tasks.kind = ${RETURN} and tasks.closed_by <> ${MACHINE})`;

/** Which of these payments' money a person gave back. Exact while their orders are locked. */
export async function returnedAmong(db: Db, paymentIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (paymentIds.length === 0) return new Set();
  const returned = await db
    .selectFrom('tasks')
    .select('payment_id')
    .where('kind', '=', RETURN)
    .where(isOneOf(db, 'payment_id', paymentIds))
    .where('closed_by', '!=', MACHINE)
    .execute();
  return new Set(returned.map(({ payment_id: id }) => id));
}

/** When a person recorded that a payment's money was given back; `null` where nobody did. */
export async function returnedAtMs(db: Db, paymentId: string): Promise<number | null> {
  const task = await db
    .selectFrom('tasks')
    .select('closed_at')
    .where('kind', '=', RETURN)
    .where('payment_id', '=', paymentId)
    .where('closed_by', '!=', MACHINE)
    .executeTakeFirst();
  return task?.closed_at ?? null;
}
