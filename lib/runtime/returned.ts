import { after } from 'next/server';
import { errorFields } from '../base/log.ts';
import { nudgeAfterReturn } from '../payments/ecommpay/after-return.ts';
import type { Access } from './order-access.ts';
import type { RequestContext } from './request.ts';

/** The customer came back from ECommPay. That proves nothing; it is the moment to ask, behind the answer. */
export function lookAfterReturn({ deps }: RequestContext, { status: { payment } }: Access): void {
  if (payment?.rail !== 'ecommpay') return;
  after(() =>
    nudgeAfterReturn(deps, payment.id).catch((error: unknown) =>
      deps.log.warn('payment.nudge_failed', { payment: payment.id, ...errorFields(error) }),
    ),
  );
}
