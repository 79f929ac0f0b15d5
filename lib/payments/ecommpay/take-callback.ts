import type { CallbackEvent } from '../../ecommpay/callbacks/read-callback.ts';
import { isToBeAsked } from '../../ecommpay/report.ts';
import type { PaymentDeps } from '../deps.ts';
import { follow } from '../follow.ts';
import type { Conclusion } from '../reduce.ts';
import { recordSaid } from './record-said.ts';

export type PaymentCallback = Exclude<CallbackEvent, { kind: 'without_payment' }>;

/**
 * Records authentic callbacks, whatever type they say they have, in one transaction. When this returns, everything that
 * follows from them is committed, so that they may be acknowledged; a throw means that nothing of it was, as far as
 * anybody knows. However often and in whatever order callbacks come, the outcome is the same.
 *
 * @returns what is known of its payment now, for each; `null` where it is of no payment of ours
 */
export function recordCallbacks(
  deps: PaymentDeps,
  events: readonly PaymentCallback[],
): Promise<(Conclusion | null)[]> {
  return recordSaid(
    deps,
    events.map((event) => ({
      kind: 'callback_said',
      report: event.report,
      ...(event.kind === 'redirect' ? { redirect: event.redirect } : {}),
    })),
  );
}

/** What is left to do when a callback is on record. */
export async function afterCallback(
  deps: PaymentDeps,
  event: PaymentCallback,
  conclusion: Conclusion,
): Promise<void> {
  const { report } = event;
  await deps.reach('callback.saved');
  deps.log.info('ecommpay.callback', {
    payment: report.paymentId,
    reason: report.status,
    code: report.operation?.code,
    state: conclusion.state,
    outcome: event.kind,
  });
  if (event.kind === 'redirect' && event.redirect === null)
    deps.log.warn('ecommpay.redirect_refused', { payment: report.paymentId });
  if (conclusion.asking !== 'no' && isToBeAsked(report)) void follow(deps, report.paymentId);
}
