import { LOOKED_AT } from '../db/next-look.ts';
import { nowMs, nowPlus, type Tx } from '../db/store.ts';
import type { GatePayout } from '../ecommpay/gate-payout.ts';
import { append, lockPayout } from './append.ts';
import type { PayoutDeps, PayoutRail } from './deps.ts';
import { leaseMs, releaseLease } from './lease.ts';
import { lookAgain } from './look-again.ts';
import { findPayers } from './payers.ts';
import { findPayout, isFinal, type PayoutRow, sendableRequest } from './payout.ts';
import type { Conclusion } from './reduce.ts';
import { lastAttempt } from './requests.ts';
import { sendRequest } from './send-request.ts';
import { settleOnce } from './settle.ts';

/** Why a payout was not sent; nothing left this machine, and it stays as it is. */
export type NotSent =
  /** Sent before, final, exported, decided, or being sent by somebody else. */
  | 'not_ready'
  | 'batch_stopped'
  /** The customer has not paid before, as far as is known now. */
  | 'no_pay_in'
  /** Its values must not be sent under the limits of now. */
  | 'not_sendable'
  /** Its recipient was sealed with a password that is gone. */
  | 'unreadable'
  /** It was written down for another project than the one that is set. */
  | 'other_project'
  | 'off';

/** `left`: whether the request went out; else nothing left this machine, and the conclusion says where that leaves it. */
export type Sent =
  | { kind: 'sent'; left: boolean; conclusion: Conclusion }
  | { kind: 'not_sent'; why: NotSent };

/**
 * Sends one payout of a batch that staff told to send. The request is on record before it leaves; whatever becomes of it,
 * it is never sent under another id. One that was refused and held goes out again under the same id; one in review that
 * ECommPay does not know does so by its own id only.
 *
 * @param options.alone sent by its own id, whatever the rest of its batch waits for
 */
export async function sendPayout(
  deps: PayoutDeps,
  payoutId: string,
  options = { alone: false },
): Promise<Sent> {
  const { rail, keys } = deps.payouts;
  const row = rail && (await findPayout(deps.store.db, payoutId));
  if (!rail) return notSent('off');
  if (!row || isFinal(row.state)) return notSent('not_ready');
  if (row.project_id !== rail.api.settings.projectId) return notSent('other_project');
  const request = sendableRequest(keys, rail, row);
  if (typeof request === 'string') return notSent(request);

  const holder = deps.ids.reference();
  const recorded = await recordFirst(deps, rail, row, request, { holder, ...options });
  if (typeof recorded === 'string') return notSent(recorded);
  const { outcome, conclusion } = await sendRequest(
    deps,
    rail,
    { attempt: recorded.attempt, holder },
    request,
  );
  const nextInMs = await lookAgain(deps, rail, payoutId, conclusion, outcome);
  await releaseLease(deps, payoutId, holder, nextInMs ?? 0);
  const left = outcome.kind !== 'not_connected';
  if (conclusion.state === 'unknown') {
    // Nobody knows what became of it: ask at once, whether or not a server runs.
    await settleOnce(deps, payoutId, { ignoreDue: true });
    const now = await findPayout(deps.store.db, payoutId);
    return {
      kind: 'sent',
      left,
      conclusion: now ? { ...conclusion, state: now.state, reason: now.reason } : conclusion,
    };
  }
  return { kind: 'sent', left, conclusion };
}

/** Reasons for review in which ECommPay does not know the id, so that staff may have the same sent once more. */
const UNKNOWN_TO_ECOMMPAY = ['not_found', 'refused_on_repeat'];

const notSent = (why: NotSent): Sent => ({ kind: 'not_sent', why });

function recordFirst(
  deps: PayoutDeps,
  rail: PayoutRail,
  { id, batch_id: batchId, customer_id: customerId }: PayoutRow,
  request: GatePayout,
  { holder, alone }: { holder: string; alone: boolean },
): Promise<NotSent | { attempt: number }> {
  return deps.store.transaction(async (tx) => {
    if (!alone && !(await isBeingSent(tx, batchId))) return 'batch_stopped';
    const locked = await lockPayout(tx, id, (eb) =>
      eb.and([
        eb.or([
          eb('state', 'in', ['ready', 'held']),
          ...(alone ? [eb.and([eb('state', '=', 'review'), eb('reason', 'in', UNKNOWN_TO_ECOMMPAY)])] : []),
        ]),
        eb('staff_decided', '=', 0),
        eb('lease_until', '<', nowMs),
      ]),
    );
    if (!locked) return 'not_ready';
    const payers = await findPayers(tx, rail.api.settings.projectId, [customerId]);
    if (!payers.has(customerId)) return 'no_pay_in';
    await tx
      .updateTable('payouts')
      .set({
        lease_by: holder,
        lease_until: nowPlus(leaseMs(rail)),
        callback_url: request.callbackUrl,
        sent_at: nowMs,
        ask_from: nowMs,
        next_ask_at: LOOKED_AT,
      })
      .where('id', '=', id)
      .execute();
    const attempt = lastAttempt(locked.events) + 1;
    await append(tx, deps, locked, [{ kind: 'attempt', attempt }]);
    return { attempt };
  });
}

async function isBeingSent(tx: Tx, batchId: string): Promise<boolean> {
  const batch = await tx
    .selectFrom('payout_batches')
    .select('state')
    .where('id', '=', batchId)
    .executeTakeFirst();
  return batch?.state === 'sending';
}
