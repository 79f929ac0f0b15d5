import type { RedirectCallback } from '../../ecommpay/callbacks/redirect.ts';
import type { SaleCallback } from '../../ecommpay/callbacks/sale.ts';
import type { PaymentDeps } from '../deps.ts';
import { follow } from '../follow.ts';
import { recordSaid } from './record-said.ts';

/**
 * Takes an authentic callback of a sale. When this returns, everything that follows from it is committed, so that it
 * may be acknowledged; a throw means that ECommPay should send it again. However often and in whatever order callbacks
 * come, the outcome is the same.
 */
export async function takeSaleCallback(
  deps: PaymentDeps,
  event: SaleCallback | RedirectCallback,
): Promise<void> {
  const { report } = event;
  const redirect = event.kind === 'redirect' ? event.redirect : undefined;
  if (redirect === null) deps.log.warn('ecommpay.redirect_refused', { subject: report.paymentId });
  const conclusion = await recordSaid(deps, 'callback_said', report, redirect);
  await deps.reach('callback.saved');
  deps.log.info('ecommpay.callback', {
    payment: conclusion ? report.paymentId : undefined,
    reason: report.status,
    code: report.operation?.code,
    state: conclusion?.state ?? 'unknown_payment',
    outcome: event.kind,
  });
  // An end that only an answer of ECommPay's own makes final: ask for it.
  if (conclusion?.asking === 'yes' && (report.reading === 'error' || report.reading === 'expired'))
    void follow(deps, report.paymentId);
}
