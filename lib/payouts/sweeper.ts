import { errorFields } from '../base/log.ts';
import { nowMs } from '../db/store.ts';
import type { PayoutDeps } from './deps.ts';
import { follow } from './follow.ts';
import { wipeRecipients } from './wipe-recipients.ts';

const EVERY_MS = 1_000;
/** What nobody waits for is done at every n-th turn. */
const HOUSEKEEPING_TURNS = 60;
const BATCH = 200;

/**
 * Looks after payouts that were sent and are not settled, whoever sent them: at process start those of which nobody knows
 * anything, and every second those that are due; and wipes what is personal in old ones. It never makes a first send.
 * Ends when the process is told to stop; never throws.
 */
export async function sweepPayouts(deps: PayoutDeps): Promise<void> {
  let failing = false;
  for (let turn = 0; !deps.stopping.aborted; turn += 1) {
    try {
      await followDuePayouts(deps, { alsoUnknown: turn === 0 });
      if (turn % HOUSEKEEPING_TURNS === 0) await wipeRecipients(deps);
      if (failing) deps.log.info('sweep.works_again', { subject: 'payouts' });
      failing = false;
    } catch (error) {
      if (!failing) deps.log.error('sweep.failed', { subject: 'payouts', ...errorFields(error) });
      failing = true;
    }
    await deps.clock.sleep(EVERY_MS, deps.stopping);
  }
}

/** Starts a follower for each payout that is due, the longest due first; how many ask at once is limited elsewhere. */
export async function followDuePayouts(
  deps: PayoutDeps,
  { alsoUnknown }: { alsoUnknown: boolean },
): Promise<void> {
  if (!deps.payouts.rail) return;
  const due = await deps.store.db
    .selectFrom('payouts')
    .select(['id', 'state'])
    .where('asking', '!=', 'no')
    .where('lease_until', '<', nowMs)
    .where((eb) =>
      eb.or([eb('next_ask_at', '<=', nowMs), ...(alsoUnknown ? [eb('state', '=', 'unknown')] : [])]),
    )
    .orderBy('next_ask_at')
    .limit(BATCH)
    .execute();
  for (const { id } of due) void follow(deps, id, { ignoreDue: alsoUnknown });
}
