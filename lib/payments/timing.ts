import { HOUR_MS } from '../base/pauses.ts';

/** Times of a payment, in milliseconds. Each has its reason; tests of real processes set the settings instead. */

/** A first execute happens within this of the customer's tap, or not at all. */
export const PAY_BY_MS = 45_000;

/** An id that was not executed this long after its create was sent is dropped: the shortest documented life is 30 s. */
export const MAX_AGE_AT_EXECUTE_MS = 20_000;

/** Creates per tap; each makes a new id and moves no money. */
export const MAX_CREATES = 3;

/** Between creates of one tap. */
export const CREATE_PAUSE_MS = 250;

/** A longer `Retry-After` at create ends the tap: nothing was charged, and the customer should not wait for it. */
export const MAX_CREATE_PAUSE_MS = 5_000;

/**
 * An execute that was decided and recorded within this is sent as it is; a later one asks first whether it still may.
 */
export const SEND_UNASKED_MS = 2_000;

/**
 * An execute that is not on the wire by then stays off it, so that whoever finds one without an answer knows how old its
 * request can be at the most. Long enough for a store that is slow.
 */
export const SEND_WITHIN_MS = 10_000;

/**
 * So long Maya may still work on an execute whose connection broke. Shorter than the pause between late repeats, so that a
 * person finds time for a decision between two of them.
 */
export const WORKS_ON_MS = 30_000;

export const LEASE_MS = 5_000;
export const LEASE_RENEWAL_MS = 1_500;

/** From the end of one execute to the next one's start, while the outcome is unknown. */
const PAUSES_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000];
const LATER_PAUSE_MS = 60_000;

/** How long machines ask before a person has to. */
export const TIME_CAP_MS = 24 * HOUR_MS;

/** The longest pause after an answer that named a code and decided nothing: three of them end in review. */
export const AFTER_CODE_PAUSE_MS = 10_000;

/** While Maya's token address, or a customer's refresh, is down: nothing can be asked, only whether it is back. */
export const WITHOUT_TOKENS_PAUSES = { shortestMs: 500, longestMs: 10_000 } as const;

/** @param executes how many were sent so far; @param random 0 up to 1, spreads a herd after an outage */
export function pauseMs(executes: number, random: number): number {
  return PAUSES_MS[executes - 1] ?? LATER_PAUSE_MS * (0.8 + 0.4 * random);
}

/** Up to this, the process that sent an execute waits for the next one itself; longer pauses are the sweeper's. */
export const FOLLOW_UP_TO_MS = 10_000;

/** Payments a session may open within ten minutes: a brake on accidents and card-testing alike. */
export const MAX_PAYMENTS_PER_SESSION = 5;
export const PAYMENTS_PER_SESSION_WINDOW_MS = 10 * 60 * 1_000;
