/** Times of a payment over ECommPay, in milliseconds; those that ECommPay sets are settings (`rail.ts`). */

/** The automatic decline may come a little after the limit time (contract 6). */
export const LIMIT_MARGIN_MS = 60 * 60 * 1_000;

/** Requests of one sale; each carries the same `payment_id` and body. */
export const MAX_SALE_ATTEMPTS = 3;

/** Between tries of a request that found no connection. */
export const RECONNECT_PAUSE_MS = 1_000;

/** A customer who reloads the page of a return does not make us ask at every reload. */
export const RETURN_PAUSE_MS = 5_000;

const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60 * 60 * 1_000;

/**
 * When to ask again: after half of the time that has passed since there was a reason to ask, so that pauses grow from a
 * second to an hour; but not past a moment at which the answer will mean something new.
 *
 * @param turningPointsMs e.g. from when on "not found" is final
 */
export function askAgainInMs(nowMs: number, askFromMs: number, turningPointsMs: readonly number[]): number {
  const pause = Math.min(Math.max((nowMs - askFromMs) / 2, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
  const ahead = turningPointsMs.map((moment) => moment - nowMs).filter((ms) => ms > 0);
  return Math.ceil(Math.min(pause, ...ahead));
}
