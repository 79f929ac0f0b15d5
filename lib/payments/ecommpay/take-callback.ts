import type { CallbackEvent } from '../../ecommpay/callbacks/read-callback.ts';
import { isToBeAsked } from '../../ecommpay/report.ts';
import type { PaymentDeps } from '../deps.ts';
import { follow } from '../follow.ts';
import { recordSaid } from './record-said.ts';

/**
 * Takes an authentic callback of one of our payments, whatever type it says that has. When this returns, everything that
 * follows from it is committed, so that it may be acknowledged; a throw means that ECommPay should send it again.
 * However often and in whatever order callbacks come, the outcome is the same.
 *
 * @returns whether it was of a payment of ours
 */
export async function takeCallback(
  deps: PaymentDeps,
  event: Exclude<CallbackEvent, { kind: 'without_payment' }>,
): Promise<boolean> {
  const { report } = event;
  await deps.reach('callback.received');
  const redirect = event.kind === 'redirect' ? event.redirect : undefined;
  const conclusion = await recordSaid(deps, 'callback_said', report, redirect);
  if (!conclusion) return false;
  await deps.reach('callback.saved');
  deps.log.info('ecommpay.callback', {
    payment: report.paymentId,
    reason: report.status,
    code: report.operation?.code,
    state: conclusion.state,
    outcome: event.kind,
  });
  if (redirect === null) deps.log.warn('ecommpay.redirect_refused', { payment: report.paymentId });
  if (conclusion.asking === 'yes' && isToBeAsked(report)) void follow(deps, report.paymentId);
  return true;
}
