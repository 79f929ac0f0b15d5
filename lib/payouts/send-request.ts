import { nowMs } from '../db/store.ts';
import type { AcceptOutcome } from '../ecommpay/accepted.ts';
import { type GatePayout, sendGatePayout } from '../ecommpay/gate-payout.ts';
import { append, lockPayout } from './append.ts';
import type { PayoutDeps, PayoutRail } from './deps.ts';
import { insist } from './insist.ts';
import type { Conclusion } from './reduce.ts';

/** Sends a request that is on record, and records what it came to. */
export async function sendRequest(
  deps: PayoutDeps,
  rail: PayoutRail,
  attempt: number,
  payout: GatePayout,
): Promise<{ outcome: AcceptOutcome; conclusion: Conclusion }> {
  const { paymentId } = payout;
  await deps.reach('payout.recorded');
  const outcome = await sendGatePayout(rail.api, payout);
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
