/** Times of a payout, in milliseconds; those that ECommPay sets are settings (`deps.ts`). */

/** The automatic decline may come a little after the limit time (contract 6). */
export const LIMIT_MARGIN_MS = 2 * 60 * 60 * 1_000;

/** Requests of one payout that may have arrived, without staff; each carries the same `payment_id` and body. */
export const MAX_ATTEMPTS = 3;

/** A lease outlives the call that it is taken for by this. */
export const LEASE_MARGIN_MS = 5_000;

/** Up to this, whoever asked waits for the next time itself; longer pauses are the sweeper's. */
export const FOLLOW_UP_TO_MS = 10_000;
