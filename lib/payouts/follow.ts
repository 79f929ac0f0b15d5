import { errorFields } from '../base/log.ts';
import type { PayoutDeps } from './deps.ts';
import { settleOnce } from './settle.ts';
import { FOLLOW_UP_TO_MS } from './timing.ts';

/**
 * Settles a payout until it is final, needs a person, or its next look is far enough away for the sweeper. Joined within
 * the process; never throws.
 */
export function follow(deps: PayoutDeps, payoutId: string, options = { ignoreDue: false }): Promise<void> {
  const { follows, calls } = deps.payouts;
  return follows.run(payoutId, async () => {
    try {
      let { ignoreDue } = options;
      while (!deps.stopping.aborted) {
        const result = await calls.run(() => settleOnce(deps, payoutId, { ignoreDue }));
        if (result.kind !== 'again' || result.inMs > FOLLOW_UP_TO_MS) return;
        ignoreDue = false;
        await deps.clock.sleep(result.inMs, deps.stopping);
      }
    } catch (error) {
      deps.log.error('payout.settle_failed', { payment: payoutId, ...errorFields(error) });
    }
  });
}
