import { errorFields } from '../base/log.ts';
import type { PaymentDeps } from './deps.ts';
import { settleOnce } from './settle.ts';
import { FOLLOW_UP_TO_MS } from './timing.ts';

/**
 * Settles a payment until it is final, needs a person, or its next look is far enough away for the sweeper. Joined
 * within the process; never throws.
 */
export function follow(deps: PaymentDeps, paymentId: string, options = { ignoreDue: false }): Promise<void> {
  return deps.follows.run(paymentId, async () => {
    try {
      let { ignoreDue } = options;
      while (!deps.stopping.aborted) {
        const result = await deps.asks.run(() => settleOnce(deps, paymentId, { ignoreDue }));
        if (result.kind !== 'again' || result.inMs > FOLLOW_UP_TO_MS) return;
        ignoreDue = false;
        await deps.clock.sleep(result.inMs, deps.stopping);
      }
    } catch (error) {
      deps.log.error('payment.settle_failed', { payment: paymentId, ...errorFields(error) });
    }
  });
}
