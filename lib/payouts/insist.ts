import { errorFields } from '../base/log.ts';
import { isUniqueViolation } from '../db/store.ts';
import type { PayoutDeps } from './deps.ts';

const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;

/**
 * Records an answer that this process holds in its memory, lease or not, and again and again while the store is away: an
 * answer is never given up as long as the process lives. (If it dies, the status tells.)
 */
export async function insist<T>(deps: PayoutDeps, payoutId: string, record: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await record();
    } catch (error) {
      if (isUniqueViolation(error)) throw error;
      deps.log.error('payout.answer_not_saved', { payment: payoutId, attempt, ...errorFields(error) });
      await deps.clock.sleep(Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10), MAX_PAUSE_MS));
    }
  }
}
