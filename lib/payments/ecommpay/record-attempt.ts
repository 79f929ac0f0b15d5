import { append, lockPayment } from '../append.ts';
import type { PaymentDeps } from '../deps.ts';
import type { Fact } from '../facts.ts';
import { mayCharge } from '../may-charge.ts';
import type { Conclusion } from '../reduce.ts';
import { resendAtMs } from './look-again.ts';
import { salesOf } from './sales.ts';
import { MAX_SALE_ATTEMPTS } from './timing.ts';

export type NextAttempt = { kind: 'send'; attempt: number } | { kind: 'stop'; conclusion: Conclusion | null };

/**
 * Records the next request of the same Gate sale, or that there is none: the lease must be ours and alive, no staff
 * decision may stand, and no other payment may have charged the order. Whatever came to be known since the caller looked
 * is seen here: what ECommPay has by now is not sent again.
 *
 * @param onlyInTime nothing has left so far, so this would be the request that begins the payment: within `pay_by` only
 */
export async function recordNextAttempt(
  deps: PaymentDeps,
  paymentId: string,
  holder: string,
  options: { onlyInTime: boolean },
): Promise<NextAttempt> {
  return deps.store.transaction(async (tx): Promise<NextAttempt> => {
    const locked = await lockPayment(tx, paymentId, (eb) =>
      eb.and([eb('lease_by', '=', holder), eb('asking', '!=', 'no'), eb('staff_decided', '=', 0)]),
    );
    if (!locked || locked.row.lease_until < locked.nowMs) return { kind: 'stop', conclusion: null };
    const { row, events, nowMs } = locked;
    const mayLeave = await mayCharge(tx, row.id);
    const first = events.find(({ fact }) => fact.kind === 'sale_attempt')?.fact;
    const last = salesOf(events).at(-1)?.attempt ?? 0;
    const resendAt = deps.ecommpay && resendAtMs(deps.ecommpay, events);
    const isWanted = options.onlyInTime
      ? nowMs <= row.pay_by && last < MAX_SALE_ATTEMPTS
      : resendAt !== null && resendAt <= nowMs;
    if (first?.kind !== 'sale_attempt' || !mayLeave || !isWanted) {
      const why: Fact = mayLeave
        ? { kind: 'pay_by_passed', afterAttempt: last }
        : { kind: 'not_started', why: 'order_taken' };
      return {
        kind: 'stop',
        conclusion: (await append(tx, deps, locked, options.onlyInTime ? [why] : [])).after,
      };
    }
    const attempt = last + 1;
    await append(tx, deps, locked, [{ ...first, attempt }]);
    return { kind: 'send', attempt };
  });
}
