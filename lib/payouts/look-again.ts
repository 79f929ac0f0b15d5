import { askAgainInMs, hourlyPauseMs } from '../base/pauses.ts';
import { nowMs } from '../db/store.ts';
import type { PayoutDeps, PayoutRail } from './deps.ts';
import type { PayoutEvent } from './facts.ts';
import { findPayout, loadEvents } from './payout.ts';
import type { Conclusion } from './reduce.ts';
import { isSentOut, isUnheard, mayRunUntilMs, requestsOf } from './requests.ts';

/** When ECommPay has surely declined by itself what was still open: later, only a person can find out. */
export function capAtMs(rail: PayoutRail, events: readonly PayoutEvent[]): number {
  return mayRunUntilMs(events, rail.times.limitMs) ?? Number.POSITIVE_INFINITY;
}

/** From when on "not found" means that the newest request never arrived. */
export function lateAtMs(rail: PayoutRail, events: readonly PayoutEvent[]): number {
  const last = requestsOf(events).at(-1);
  return last ? last.recordedAtMs + rail.times.resendAfterMs : Number.POSITIVE_INFINITY;
}

/** When a lost request is sent again, where ECommPay still does not know it; `null` where it is not. */
export function resendAtMs(rail: PayoutRail, events: readonly PayoutEvent[]): number | null {
  const requests = requestsOf(events);
  if (events.some(({ fact }) => fact.kind === 'exported')) return null;
  return isUnheard(requests.at(-1)) && !isSentOut(requests) ? lateAtMs(rail, events) : null;
}

/** When to ask for the status, or `null` where that would tell nothing. */
export async function lookAgain(
  deps: PayoutDeps,
  rail: PayoutRail,
  payoutId: string,
  conclusion: Conclusion | null,
  outcome?: { kind: string },
): Promise<number | null> {
  if (!conclusion || conclusion.asking === 'no') return null;
  if (conclusion.asking === 'hourly') return hourlyPauseMs(deps.ids.random());
  // The result of one that was taken is not there before its time, unless a callback brings it.
  if (outcome?.kind === 'accepted') return rail.times.baseMs;
  const row = await findPayout(deps.store.db, payoutId);
  if (!row) return null;
  const { now } = await deps.store.db.selectNoFrom(nowMs.as('now')).executeTakeFirstOrThrow();
  const events = await loadEvents(deps.store.db, payoutId);
  const turningPoints = [lateAtMs(rail, events), capAtMs(rail, events)];
  return askAgainInMs(now, row.ask_from, turningPoints);
}
