/**
 * What a unified code says (contract 9). It explains an outcome to staff and customer; the outcome itself is in the
 * payment's status, or in the fact that a request was refused.
 *
 * - `declined`: refused for good; paying again is a new payment.
 * - `retry_later`: refused now, may work later.
 * - `configuration`: the project, its limits or its balance; staff has to look.
 * - `our_fault`: our request was wrong, or signed with a wrong secret.
 * - `pending`: no outcome yet, whatever else is said.
 * - `unknown`: says nothing; ask for the status.
 */
export type CodeMeaning =
  | 'success'
  | 'declined'
  | 'retry_later'
  | 'configuration'
  | 'our_fault'
  | 'pending'
  | 'unknown';

/** "Payment id already exists": an earlier request of ours was taken. */
export const DUPLICATE_PAYMENT_ID = '3041';

/** "Transaction not found". */
export const NOT_FOUND = '3061';

const MEANINGS: Record<Exclude<CodeMeaning, 'unknown'>, readonly string[]> = {
  success: ['0'],
  declined: [
    '100', // general decline
    '301', // cancelled
    '402', // risk control
    '603', // automatic, by settings
    '2426', // e-mail address
    '2606', // payout without an earlier payment
    '3104', // payout limits, to 3112
    '3106',
    '3108',
    '3109',
    '3110',
    '3111',
    '3112',
    '3198', // money laundering check
    '3199',
    '3613', // same customer and amount
    '20000', // general decline, also when the limit time is over
    '20100', // by the provider
    '20101', // amount or frequency
    '20102', // account data
    '20103', // login, attempts
    '20104',
    '20105', // funds
    '20106', // account unavailable
    '20107', // currency of the account
    '20201', // account restricted, compromised, blocked
    '20203',
    '20204',
    '20205', // country
    '20301', // the customer cancelled
    '20304', // another sum was paid
    '20401', // risk system
    '20402',
    '20602', // time-out
    '20812', // crediting not confirmed
  ],
  retry_later: ['314', '601', '602', '20202', '20601'],
  configuration: [
    '303', // access denied
    '310', // operation not allowed for the project
    '504', // balance too low, at three places
    '3028',
    '20504',
    '2442', // project
    '2541', // method
    '2642', // amount above or below the limit
    '3358',
    '3023', // currency
    '3121',
    '3123', // API key
    '20501', // acquirer: interaction, validation, settings
    '20502',
    '20503',
  ],
  our_fault: [
    '319', // not enough data
    '702', // malformed
    '2003',
    '2004',
    '2124', // customer id
    '2154',
    '3024', // payment id
    '3242', // account object
    '3243',
    '3261', // signature
    '3262',
    '20701', // order or form of requests
    '20702',
    '20706',
  ],
  pending: ['3062', '9999', '19999', '29999', '20802', '20899'],
};

const BY_CODE = new Map(
  Object.entries(MEANINGS).flatMap(([meaning, codes]) => codes.map((code) => [code, meaning as CodeMeaning])),
);

/** @param code as text: `operation.code` is text in callbacks, and text or a number in refusals */
export function meaningOf(code: string | null): CodeMeaning {
  if (code === null) return 'unknown';
  const known = BY_CODE.get(code);
  if (known) return known;
  // 30000 to 30303: declined or not confirmed by the merchant himself.
  return /^30[0-3]\d\d$/.test(code) ? 'declined' : 'unknown';
}

/** A code as text, whatever it came as; `null` for what looks like none. */
export function readCode(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\d{1,6}$/.test(text) ? text : null;
}
