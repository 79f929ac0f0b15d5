import type { FactOf } from './facts.ts';

type Refused = Extract<FactOf<'answer'>['outcome'], { kind: 'refused' }>;

/** Why no further payout of the batch is sent. */
export type Stop = 'balance' | 'configuration' | 'not_connected' | 'stood_still';

/** The same customer and amount as another operation (contract 5). */
const DUPLICATE_OPERATION = '3613';

/** Too little to pay out: at the platform, the merchant's, the acquirer's (contract 9). */
const BALANCE = new Set(['504', '3028', '20504']);

/** They speak of this payout alone, though ECommPay counts them as settings or as a fault of the request. */
const OF_THIS_PAYOUT = new Set(['2124', '2154', '2426', '2642', '3024', '3242', '3243', '3358']);

export const isBalance = (code: string | null): boolean => code !== null && BALANCE.has(code);

/**
 * Whether a code speaks of a request (contract 9: access, validation, constraints, limits, balance) rather than of what
 * became of an operation: then the decline that carries it may be that of a repeat.
 */
export const isOfARequest = (code: string | null): boolean =>
  isBalance(code) || (code !== null && /^(\d{3}|[23]\d{3})$/.test(code));

/**
 * What a refusal of a request means, where no other request of this payout can have been taken.
 *
 * - `failed`: of this payout, for good. Another try is another payout, with an id of its own.
 * - `held`: nothing was made; once the reason is mended, staff may send the same again under the same id.
 */
export function readRefusal({ code, meaning }: Refused): {
  state: 'held' | 'failed';
  reason: string;
  stops: Stop | null;
} {
  if (isBalance(code)) return { state: 'held', reason: 'balance', stops: 'balance' };
  if (code === DUPLICATE_OPERATION) return { state: 'held', reason: 'duplicate', stops: null };
  if (meaning === 'declined' || OF_THIS_PAYOUT.has(code))
    return { state: 'failed', reason: code, stops: null };
  return { state: 'held', reason: code, stops: 'configuration' };
}
