import { nowMs, type Tx } from '../db/store.ts';
import type { AppendDeps } from './append.ts';

/** What a person has to do about a payment; `return_duplicate`: give its money back. One of a kind, opened again where need be. */
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

/** Done by the facts themselves. */
export async function closeTask(tx: Tx, kind: string, paymentId: string, evidence: string): Promise<void> {
  await tx
    .updateTable('tasks')
    .set({ closed_at: nowMs, closed_by: 'machine', evidence })
    .where('kind', '=', kind)
    .where('payment_id', '=', paymentId)
    .where('closed_at', 'is', null)
    .execute();
}
