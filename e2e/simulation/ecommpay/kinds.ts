/**
 * What can happen between ECommPay and us. `before` and `after`: whether ECommPay had taken the call. What tempts most to
 * wrong conclusions stands there more than once.
 */

/** To any call. */
const ANY_CALL = [
  'not-connected',
  'lost-before',
  'lost-after',
  'reset-before',
  'reset-after',
  'processed-late',
  'answered-late',
  'slow',
  'twice',
  'twice-second-answer',
  'truncated',
  'html-before',
  'html-after',
  '500-before',
  '500-after',
  'empty-after',
] as const;

/** To a request for money: refusals in each shape, and answers that prove nothing. */
const REQUEST = [
  '403-before',
  'refused-in-200',
  'refused-by-number',
  'refused-as-duplicate',
  'unknown-code-before',
  'unknown-code-after',
  '3041-after',
  'of-another',
] as const;

const STATUS = ['not-found', 'not-found-in-200', 'unsigned', 'forged', 'of-another', 'wrong-amount'] as const;

/** To a callback on its way to us. */
const CALLBACK = [
  'lost',
  'never',
  'answer-lost',
  'late',
  'twice',
  'many-times',
  'older-again',
  'forged-before',
  'unsigned-before',
  'unreadable-before',
  'wrong-amount',
  'wrong-currency',
  'wrong-project',
  'wrong-type',
  'error-before',
  'error-before',
  'error-before',
  'refunded-before',
  'unknown-status-before',
  'unknown-payment-before',
] as const;

/** How a sale goes: scenarios of the simulator's model, so that its book follows. */
const SALE_ENDS = [
  'decline-20000',
  'decline-20105',
  'customer-walks-away',
  'second-attempt',
  'second-attempt',
  'decline-reversed',
  'decline-reversed',
  'decline-reversed-by-hand',
  'success-then-decline',
  'paid-less',
  'paid-converted',
  'redirect-post',
  'redirect-twice',
  'redirect-never',
  'redirect-http',
] as const;

/** How a payout goes. */
const PAYOUT_ENDS = [
  'payout-decline',
  'payout-decline-account',
  'payout-without-sale',
  'payout-no-balance',
  'payout-takes-days',
  'payout-clarification',
  'payout-internal-error',
  'payout-decline-reversed',
  'payout-decline-reversed',
] as const;

/** A provider that takes back what it said: only then may money have moved against what was told. */
export const FICKLE: readonly string[] = [
  'decline-reversed',
  'decline-reversed-by-hand',
  'success-then-decline',
  'payout-decline-reversed',
];

export type EcommpayCall = 'sale' | 'payout' | 'status';
export type EcommpayFault = EcommpayCall | 'callback' | 'sale-end' | 'payout-end';

/** Every kind of fault, by what it happens to. */
export const ECOMMPAY_FAULTS: Record<EcommpayFault, readonly string[]> = {
  sale: [...ANY_CALL, ...REQUEST],
  payout: [...ANY_CALL, ...REQUEST],
  status: [...ANY_CALL, ...STATUS],
  callback: CALLBACK,
  'sale-end': SALE_ENDS,
  'payout-end': PAYOUT_ENDS,
};
