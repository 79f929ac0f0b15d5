/** Times of a payment over ECommPay, in milliseconds; those that ECommPay sets are settings (`rail.ts`). */

/** The automatic decline may come a little after the limit time (contract 6). */
export const LIMIT_MARGIN_MS = 60 * 60 * 1_000;

/** Requests of one sale; each carries the same `payment_id` and body. */
export const MAX_SALE_ATTEMPTS = 3;

/** Between tries of a request that found no connection. */
export const RECONNECT_PAUSE_MS = 1_000;

/** A customer who reloads the page of a return does not make us ask at every reload. */
export const RETURN_PAUSE_MS = 5_000;
