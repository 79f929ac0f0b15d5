import { LOOKED_AT, nextLook } from '../db/next-look.ts';
import { nowMs, nowPlus } from '../db/store.ts';
import type { PayoutDeps, PayoutRail } from './deps.ts';
import { LEASE_MARGIN_MS } from './timing.ts';

/** Longer than one call, so that it need not be renewed while one is open. */
export const leaseMs = (rail: PayoutRail): number => rail.api.settings.timeoutMs + LEASE_MARGIN_MS;

/**
 * A lease on a payout says who may ask and send for it. It guards sending, never recording: whoever has an answer
 * records it.
 */
export async function acquireLease(
  deps: Pick<PayoutDeps, 'store' | 'ids'>,
  payoutId: string,
  options: { ignoreDue: boolean; forMs: number },
): Promise<string | null> {
  const holder = deps.ids.reference();
  let query = deps.store.db
    .updateTable('payouts')
    .set({ lease_by: holder, lease_until: nowPlus(options.forMs), next_ask_at: LOOKED_AT })
    .where('id', '=', payoutId)
    .where('asking', '!=', 'no')
    .where('lease_until', '<', nowMs);
  if (!options.ignoreDue) query = query.where('next_ask_at', '<=', nowMs);
  const taken = await query.returning('id').executeTakeFirst();
  return taken ? holder : null;
}

/**
 * Gives the lease back and says when to look again: then, or earlier where somebody asked for that during the lease (a
 * callback, staff).
 */
export async function releaseLease(
  deps: Pick<PayoutDeps, 'store'>,
  payoutId: string,
  holder: string,
  nextInMs: number,
): Promise<void> {
  await deps.store.db
    .updateTable('payouts')
    .set({ lease_until: 0, next_ask_at: nextLook(nextInMs) })
    .where('id', '=', payoutId)
    .where('lease_by', '=', holder)
    .execute();
}
