import { append, type Locked, lockPayment } from './append.ts';
import type { PaymentDeps } from './deps.ts';
import type { Fact } from './facts.ts';
import type { Conclusion } from './reduce.ts';

/**
 * Records what the holder of the lease found, which may be nothing.
 *
 * @returns what is known now; `null` where the lease is lost, so that somebody else looks after the payment
 */
export async function recordHeld(
  deps: PaymentDeps,
  paymentId: string,
  holder: string,
  facts: (locked: Locked) => Fact[],
): Promise<Conclusion | null> {
  return deps.store.transaction(async (tx) => {
    const locked = await lockPayment(tx, paymentId, (eb) => eb('lease_by', '=', holder));
    if (!locked || locked.row.lease_until < locked.nowMs) return null;
    return (await append(tx, deps, locked, facts(locked))).after;
  });
}
