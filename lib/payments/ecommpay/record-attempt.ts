import { append, lockPayment } from '../append.ts';
import type { PaymentDeps } from '../deps.ts';
import type { Conclusion } from '../reduce.ts';
import { salesOf } from './sales.ts';
import { MAX_SALE_ATTEMPTS } from './timing.ts';

export type NextAttempt = { kind: 'send'; attempt: number } | { kind: 'stop'; conclusion: Conclusion | null };

/**
 * Records the next request of the same Gate sale, or that there is none: the lease must be ours and alive, no staff
 * decision may stand, and no other payment may have paid the order.
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
    const first = events.find(({ fact }) => fact.kind === 'sale_attempt')?.fact;
    const last = salesOf(events).at(-1)?.attempt ?? 0;
    const { paid_by: paidBy } = await tx
      .selectFrom('orders')
      .select('paid_by')
      .where('id', '=', row.order_id)
      .executeTakeFirstOrThrow();
    const isPaid = paidBy !== null && paidBy !== row.id;
    const isLate = options.onlyInTime && nowMs > row.pay_by;
    if (first?.kind !== 'sale_attempt' || isPaid || isLate || last >= MAX_SALE_ATTEMPTS) {
      const passed = options.onlyInTime ? [{ kind: 'pay_by_passed', afterAttempt: last } as const] : [];
      return { kind: 'stop', conclusion: (await append(tx, deps, locked, passed)).after };
    }
    const attempt = last + 1;
    await append(tx, deps, locked, [{ ...first, attempt }]);
    return { kind: 'send', attempt };
  });
}
