import type { Report } from '../ecommpay/report.ts';
import type { PayoutDeps } from './deps.ts';
import { follow } from './follow.ts';
import { findPayout } from './payout.ts';
import { isNoEnd, recordSaid } from './record-said.ts';

/** Whether the id is one of ours: a payout's callback is known by its id, whatever type it names. */
export async function isPayout(deps: Pick<PayoutDeps, 'store'>, paymentId: string): Promise<boolean> {
  return (await findPayout(deps.store.db, paymentId)) !== null;
}

/**
 * Takes an authentic callback of a payout of ours. When this returns, everything that follows from it is committed; a
 * throw means that ECommPay should send it again.
 */
export async function takePayoutCallback(deps: PayoutDeps, report: Report): Promise<void> {
  const conclusion = await recordSaid(deps, 'callback_said', report);
  await deps.reach('payout.said');
  deps.log.info('ecommpay.callback', {
    payment: report.paymentId,
    reason: report.status,
    code: report.operation?.code,
    state: conclusion?.state,
    outcome: 'payout',
  });
  if (conclusion && conclusion.asking !== 'no' && isNoEnd(report)) void follow(deps, report.paymentId);
}
