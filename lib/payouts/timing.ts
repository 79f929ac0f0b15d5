/** Times of a payout, in milliseconds; those that ECommPay sets are settings (`deps.ts`). */

/** The automatic decline may come a little after the limit time (contract 6). */
export const LIMIT_MARGIN_MS = 2 * 60 * 60 * 1_000;

/** Requests of one payout that may have arrived, without staff; each carries the same `payment_id` and body. */
export const MAX_ATTEMPTS = 3;

/** A lease outlives the call that it is taken for by this. */
export const LEASE_MARGIN_MS = 5_000;

/** Up to this, whoever asked waits for the next time itself; longer pauses are the sweeper's. */
export const FOLLOW_UP_TO_MS = 10_000;

const SHORTEST_PAUSE_MS = 1_000;
const HOUR_MS = 60 * 60 * 1_000;

export const hourlyPauseMs = (random: number) => HOUR_MS * (0.9 + 0.2 * random);

/**
 * When to ask again: after half of the time that has passed since there was a reason to ask, so that pauses grow from a
 * second to an hour; but not past a moment at which the answer will mean something new.
 */
export function askAgainInMs(nowMs: number, askFromMs: number, turningPointsMs: readonly number[]): number {
  const pause = Math.min(Math.max((nowMs - askFromMs) / 2, SHORTEST_PAUSE_MS), HOUR_MS);
  const ahead = turningPointsMs.map((moment) => moment - nowMs).filter((ms) => ms > 0);
  return Math.ceil(Math.min(pause, ...ahead));
}
