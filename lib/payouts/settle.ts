import { hourlyPauseMs } from '../base/pauses.ts';
import { raiseAlarm } from '../db/alarms.ts';
import { nowMs, nowPlus } from '../db/store.ts';
import { givenUp, openAmbiguities } from '../ecommpay/ambiguous.ts';
import { askPaymentStatus } from '../ecommpay/payment-status.ts';
import { append, type Locked, lockPayout } from './append.ts';
import type { PayoutDeps, PayoutRail } from './deps.ts';
import type { Fact } from './facts.ts';
import { acquireLease, leaseMs, releaseLease } from './lease.ts';
import { capAtMs, lateAtMs, lookAgain, resendAtMs } from './look-again.ts';
import { findPayout, loadEvents, type PayoutRow, sendableRequest } from './payout.ts';
import { recordSaid } from './record-said.ts';
import type { Conclusion } from './reduce.ts';
import { isCapped, lastAttempt, sentAtMs } from './requests.ts';
import { sendRequest } from './send-request.ts';

/** `again`: look once more after `inMs`. `done`: final, or nothing a machine can do. `busy`: somebody else is at it. */
export type Settled = { kind: 'done' } | { kind: 'busy' } | { kind: 'again'; inMs: number };

/**
 * Finds out once what became of a payout: asks for its status, which moves nothing. One whose request was lost, and that
 * ECommPay still does not know a while later, is sent again under the **same** `payment_id` with the same body.
 */
export async function settleOnce(
  deps: PayoutDeps,
  payoutId: string,
  options: { ignoreDue: boolean },
): Promise<Settled> {
  const { rail } = deps.payouts;
  if (!rail) return { kind: 'done' };
  const holder = await acquireLease(deps, payoutId, { ...options, forMs: leaseMs(rail) });
  if (holder === null) return { kind: 'busy' };
  const row = await findPayout(deps.store.db, payoutId);
  const nextInMs = row && (await findOut(deps, rail, row, holder));
  if (nextInMs === null) return { kind: 'done' };
  await releaseLease(deps, payoutId, holder, nextInMs);
  return { kind: 'again', inMs: nextInMs };
}

async function findOut(
  deps: PayoutDeps,
  rail: PayoutRail,
  row: PayoutRow,
  holder: string,
): Promise<number | null> {
  if (row.project_id !== rail.api.settings.projectId) {
    // Another project does not know it, and its "not found" must not lead to a second send.
    await raiseAlarm(deps, deps.store.db, { kind: 'ecommpay_configuration', subject: 'project' });
    const known = await recordHeld(deps, row.id, holder, ofWhatEnded);
    if (known?.asking === 'no') return null;
    return hourlyPauseMs(deps.ids.random());
  }
  const events = await loadEvents(deps.store.db, row.id);
  const { now: askedAtMs } = await deps.store.db.selectNoFrom(nowMs.as('now')).executeTakeFirstOrThrow();
  const outcome = await askPaymentStatus(rail.api, row.id);
  await deps.reach('payout.asked');

  if (outcome.kind === 'refused')
    await raiseAlarm(deps, deps.store.db, { kind: 'ecommpay_configuration', subject: 'status' });
  if (outcome.kind === 'found') {
    const answers = openAmbiguities(events).map(({ digest }) => digest);
    await recordSaid(deps, 'status_said', outcome.report, answers);
  }
  const found: Fact[] =
    outcome.kind === 'not_found'
      ? [
          {
            kind: 'not_found',
            afterAttempt: lastAttempt(events),
            late: askedAtMs >= lateAtMs(rail, events),
          },
        ]
      : [];
  const conclusion = await recordHeld(deps, row.id, holder, (locked) => [
    ...found,
    ...nothingToHear(rail, locked),
  ]);
  const resendAt = resendAtMs(rail, events);
  const isGone = outcome.kind === 'not_found' && resendAt !== null && askedAtMs >= resendAt;
  if (!isGone || conclusion?.state !== 'unknown') return lookAgain(deps, rail, row.id, conclusion);
  return sendAgain(deps, rail, row, holder);
}

/** Of what has ended ECommPay did not say for a day whether that stands: only a person can find out. */
const ofWhatEnded = ({ row, events, nowMs: now }: Locked): Fact[] =>
  row.asking === 'to_be_sure' ? givenUp(events, now) : [];

/** The same; or ECommPay has surely declined by itself what was still open. */
function nothingToHear(rail: PayoutRail, locked: Locked): Fact[] {
  const { row, events, nowMs: now } = locked;
  if (row.asking !== 'yes' && row.asking !== 'hourly') return ofWhatEnded(locked);
  const sentAt = sentAtMs(events);
  if (sentAt === null || isCapped(events) || now < capAtMs(rail, events)) return [];
  return [{ kind: 'time_cap', sentAtMs: sentAt }];
}

/** The very same request. Its recipient must still be readable, and its amount within the limits of now. */
async function sendAgain(
  deps: PayoutDeps,
  rail: PayoutRail,
  row: PayoutRow,
  holder: string,
): Promise<number | null> {
  const request = sendableRequest(deps.payouts.keys, rail, row);
  if (typeof request === 'string') {
    deps.log.error('payout.not_sent_again', { payment: row.id, reason: request });
    return hourlyPauseMs(deps.ids.random());
  }
  const next = await deps.store.transaction(async (tx) => {
    const locked = await lockPayout(tx, row.id, (eb) =>
      eb.and([eb('lease_by', '=', holder), eb('state', '=', 'unknown'), eb('staff_decided', '=', 0)]),
    );
    if (!locked || locked.row.lease_until < locked.nowMs || resendAtMs(rail, locked.events) === null)
      return null;
    await tx
      .updateTable('payouts')
      .set({ lease_until: nowPlus(leaseMs(rail)) })
      .where('id', '=', row.id)
      .execute();
    const attempt = lastAttempt(locked.events) + 1;
    const { after } = await append(tx, deps, locked, [{ kind: 'attempt', attempt }]);
    return { attempt, after };
  });
  if (!next) return lookAgain(deps, rail, row.id, null);
  const { conclusion, outcome } = await sendRequest(deps, rail, { attempt: next.attempt, holder }, request);
  return lookAgain(deps, rail, row.id, conclusion, outcome);
}

/** Records what the holder of the lease found, which may be nothing. `null` where the lease is lost. */
function recordHeld(
  deps: PayoutDeps,
  payoutId: string,
  holder: string,
  facts: (locked: Locked) => Fact[],
): Promise<Conclusion | null> {
  return deps.store.transaction(async (tx) => {
    const locked = await lockPayout(tx, payoutId, (eb) => eb('lease_by', '=', holder));
    return locked ? (await append(tx, deps, locked, facts(locked))).after : null;
  });
}
