import type { PayoutState } from '../db/schema.ts';
import { nowMs } from '../db/store.ts';
import { audit } from './audit.ts';
import type { PayoutDeps } from './deps.ts';
import { findPayout } from './payout.ts';
import { type NotSent, type Sent, sendPayout } from './send-payout.ts';

const PAGE = 200;

/** How many payouts came to what. `waiting`: those that wait for a person. `stopped`: why the rest was not sent. */
export type BatchSent = {
  states: Partial<Record<PayoutState, number>>;
  notSent: Partial<Record<NotSent, number>>;
  waiting: { payoutId: string; state: PayoutState; reason: string | null }[];
  stopped: string | null;
};

export type BatchProgress = (payoutId: string, result: Sent) => void;

/**
 * Sends what is ready in a batch, and what was held for a reason that staff has mended; never one that was refused as a
 * duplicate, which is sent by its own id or not at all. Stops by itself where the balance is short, ECommPay refuses
 * everything, or nobody is reached. May be broken off and called again at any moment.
 *
 * @returns `null` where there is no such batch
 */
export async function sendBatch(
  deps: PayoutDeps,
  batchId: string,
  actor: string,
  progress: BatchProgress = () => {},
): Promise<BatchSent | null> {
  if (!(await startSending(deps, batchId, actor))) return null;
  const sent: BatchSent = { states: {}, notSent: {}, waiting: [], stopped: null };
  for (let line = -1; !deps.stopping.aborted; ) {
    const page = await nextPage(deps, batchId, line);
    const last = page.at(-1);
    if (!last) break;
    line = last.line;
    const stops = await sendAll(
      deps,
      page.map(({ id }) => id),
      (id, result) => {
        count(sent, id, result);
        progress(id, result);
      },
    );
    if (stops) break;
  }
  const batch = await deps.store.db
    .selectFrom('payout_batches')
    .select(['state', 'reason'])
    .where('id', '=', batchId)
    .executeTakeFirstOrThrow();
  return { ...sent, stopped: batch.state === 'stopped' ? (batch.reason ?? 'stopped') : null };
}

/**
 * Sends one payout, at the word of staff: also one that was refused as a duplicate, and one in review that ECommPay does
 * not know; always under the same id. `null` where there is no such payout.
 */
export async function sendOne(deps: PayoutDeps, payoutId: string, actor: string): Promise<Sent | null> {
  if (!(await findPayout(deps.store.db, payoutId))) return null;
  await deps.store.transaction((tx) =>
    audit(tx, deps, { actor, action: 'payout.send', subject: payoutId, evidence: '' }),
  );
  return deps.payouts.calls.run(() => sendPayout(deps, payoutId, { alone: true }));
}

function startSending(deps: PayoutDeps, batchId: string, actor: string): Promise<boolean> {
  return deps.store.transaction(async (tx) => {
    const batch = await tx
      .updateTable('payout_batches')
      .set({ state: 'sending', reason: null, updated_at: nowMs })
      .where('id', '=', batchId)
      .returning('id')
      .executeTakeFirst();
    if (!batch) return false;
    await audit(tx, deps, { actor, action: 'payout.send', subject: batchId, evidence: '' });
    // Somebody has seen to it.
    await tx
      .updateTable('alarms')
      .set({ acknowledged_at: nowMs, acknowledged_by: actor })
      .where('kind', '=', 'payout_batch_stopped')
      .where('subject', '=', batchId)
      .where('acknowledged_at', 'is', null)
      .execute();
    return true;
  });
}

function nextPage(deps: PayoutDeps, batchId: string, afterLine: number) {
  return deps.store.db
    .selectFrom('payouts')
    .select(['id', 'line'])
    .where('batch_id', '=', batchId)
    .where('line', '>', afterLine)
    .where('staff_decided', '=', 0)
    .where((eb) =>
      eb.or([eb('state', '=', 'ready'), eb.and([eb('state', '=', 'held'), eb('reason', '!=', 'duplicate')])]),
    )
    .orderBy('line')
    .limit(PAGE)
    .execute();
}

/** @returns whether the batch was stopped meanwhile */
async function sendAll(deps: PayoutDeps, ids: readonly string[], done: BatchProgress): Promise<boolean> {
  let stops = false;
  await Promise.all(
    ids.map((id) =>
      deps.payouts.calls.run(async () => {
        if (stops || deps.stopping.aborted) return;
        const result = await sendPayout(deps, id);
        done(id, result);
        if (result.kind === 'not_sent') stops ||= result.why === 'batch_stopped' || result.why === 'off';
      }),
    ),
  );
  return stops;
}

function count(sent: BatchSent, payoutId: string, result: Sent): void {
  if (result.kind === 'not_sent') {
    sent.notSent[result.why] = (sent.notSent[result.why] ?? 0) + 1;
    return;
  }
  const { state, reason } = result.conclusion;
  sent.states[state] = (sent.states[state] ?? 0) + 1;
  if (state === 'review' || state === 'held') sent.waiting.push({ payoutId, state, reason });
}
