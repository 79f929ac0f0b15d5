import { errorFields } from '../base/log.ts';
import type { CustomerTokens } from '../maya/customer-tokens.ts';
import type { RefreshResult, SessionDeps } from './deps.ts';
import { sealTokens } from './sealing.ts';

/**
 * How often a save of new tokens is tried while the store is away, some two minutes in all: tokens that are not saved
 * end the session, and a payment in doubt would then need a person.
 */
const SAVE_TRIES = 30;

/**
 * Saves both new tokens in one statement, under the next generation, before either is used: by whoever has them, lease
 * or not. Where somebody saved first, that stands.
 */
export async function saveTokens(
  deps: SessionDeps,
  row: string,
  generation: number,
  tokens: CustomerTokens,
): Promise<RefreshResult> {
  const next = generation + 1;
  const sealed = sealTokens(deps.sealing, tokens, { sessionRow: row, generation: next });
  for (let attempt = 1; ; attempt += 1) {
    try {
      await deps.store.db
        .updateTable('sessions')
        .set({
          sealed_tokens: sealed,
          generation: next,
          access_expires_at: tokens.expiresAtMs,
          refresh_lease_by: null,
          refresh_lease_until: 0,
          refresh_not_before: 0,
          refresh_failures: 0,
        })
        .where('id', '=', row)
        .where('generation', '=', generation)
        .where('sealed_tokens', 'is not', null)
        .execute();
      await deps.reach('refresh.saved');
      return 'refreshed';
    } catch (error) {
      deps.log.error('session.save_failed', { account: row, attempt, ...errorFields(error) });
      if (attempt >= SAVE_TRIES) return 'failed';
      await deps.clock.sleep(Math.min(100 * 2 ** attempt, 5_000));
    }
  }
}
