import { holdsNow } from '../base/fresh.ts';
import { errorFields } from '../base/log.ts';
import { type Db, nowMs } from '../db/store.ts';
import type { AcceptOutcome } from '../ecommpay/accepted.ts';
import { type GatePayout, sendGatePayout } from '../ecommpay/gate-payout.ts';
import { append, lockPayout } from './append.ts';
import type { PayoutDeps, PayoutRail } from './deps.ts';
import { insist } from './insist.ts';
import { isFinal } from './payout.ts';
import type { Conclusion } from './reduce.ts';
import { STOOD_STILL } from './requests.ts';

const NOT_ALLOWED: AcceptOutcome = { kind: 'not_connected', reason: STOOD_STILL };

/**
 * Sends a request that is on record, and records what it came to. It leaves only where its sender still holds the lease
 * and the payout has no end: a process that stood still meanwhile would send it beside its repeat, or after a person paid
 * it in another way. Then it is on record as one that never left.
 */
export async function sendRequest(
  deps: PayoutDeps,
  rail: PayoutRail,
  { attempt, holder }: { attempt: number; holder: string },
  payout: GatePayout,
): Promise<{ outcome: AcceptOutcome; conclusion: Conclusion }> {
  const { paymentId } = payout;
  await deps.reach('payout.recorded');
  const outcome = (await mayLeave(deps, paymentId, holder))
    ? await sendGatePayout(rail.api, payout)
    : NOT_ALLOWED;
  await deps.reach('payout.answered');
  const conclusion = await insist(deps, paymentId, () =>
    deps.store.transaction(async (tx) => {
      const locked = await lockPayout(tx, paymentId);
      if (!locked) throw new Error('a payout whose request was answered is gone');
      // An accepted one has its time; whatever else came is a reason to ask now.
      if (outcome.kind !== 'accepted')
        await tx.updateTable('payouts').set({ ask_from: nowMs }).where('id', '=', paymentId).execute();
      return (await append(tx, deps, locked, [{ kind: 'answer', attempt, outcome }])).after;
    }),
  );
  await deps.reach('payout.saved');
  return { outcome, conclusion };
}

/** Where the store cannot tell, nothing leaves. */
async function mayLeave(deps: PayoutDeps, payoutId: string, holder: string): Promise<boolean> {
  try {
    return await holdsNow(deps.clock, () => isStillOurs(deps.store.db, payoutId, holder));
  } catch (error) {
    deps.log.error('payout.not_sent', { payment: payoutId, ...errorFields(error) });
    return false;
  }
}

async function isStillOurs(db: Db, payoutId: string, holder: string): Promise<boolean> {
  const payout = await db
    .selectFrom('payouts')
    .select('state')
    .where('id', '=', payoutId)
    .where('lease_by', '=', holder)
    .where('lease_until', '>=', nowMs)
    .where('staff_decided', '=', 0)
    .executeTakeFirst();
  return payout !== undefined && !isFinal(payout.state);
}
