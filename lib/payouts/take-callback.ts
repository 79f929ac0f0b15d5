import { isOneOf } from '../db/each.ts';
import type { Report } from '../ecommpay/report.ts';
import type { PayoutDeps } from './deps.ts';
import { follow } from './follow.ts';
import { isNoEnd, recordSaid } from './record-said.ts';

/** Which of the ids are payouts of ours: their callbacks are known by the id, whatever type they name. */
export async function payoutsAmong(
  deps: Pick<PayoutDeps, 'store'>,
  ids: readonly string[],
): Promise<Set<string>> {
  const { db } = deps.store;
  const rows = await db
    .selectFrom('payouts')
    .select('id')
    .where(isOneOf(db, 'id', ids))
    .execute();
  return new Set(rows.map(({ id }) => id));
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
