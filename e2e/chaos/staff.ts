import { systemIds } from '#lib/base/ids.ts';
import { createLog } from '#lib/base/log.ts';
import { decide } from '#lib/payments/staff.ts';
import type { Stage } from '../built/stage.ts';
import { pause } from './inspect.ts';
import type { Rail } from './rails.ts';

const LOOKS_EVERY_MS = 500;

/**
 * A person of the merchant's who looks up at the provider what no machine can learn, and decides.
 *
 * @param until when this person goes home
 * @returns the payments that were decided
 */
export async function staffDecides(stage: Stage, rail: Rail, until: AbortSignal): Promise<Set<string>> {
  const deps = {
    store: stage.store,
    ids: systemIds,
    log: createLog(() => {}, Date.now),
    instance: 'staff',
    executeTimeoutMs: Number(stage.env.MAYA_EXECUTE_TIMEOUT_MS),
  };
  const decided = new Set<string>();
  while (!until.aborted) {
    const held = await stage.store.db
      .selectFrom('payments')
      .select(['id', 'provider_id', 'version'])
      .where('state', '=', 'review')
      .execute();
    for (const { id, provider_id: providerId, version } of held) {
      const charged = rail.wasCharged(stage, providerId);
      const answer = await decide(deps, id, charged ? 'charged' : 'not_charged', version, {
        actor: 'Ana Reyes',
        evidence: `The provider: ${charged ? 'debited' : 'not debited'}`,
      });
      if (typeof answer === 'object') decided.add(id);
    }
    await pause(LOOKS_EVERY_MS);
  }
  return decided;
}
