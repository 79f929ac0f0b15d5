import type { Locale } from '../base/locale.ts';
import { sameTotalLately } from '../payments/earlier-payments.ts';
import { startGatePayment } from '../payments/ecommpay/start-gate.ts';
import { startPagePayment } from '../payments/ecommpay/start-page.ts';
import { customerAddress } from './customer-address.ts';
import { accessOrder, orderPath, privateOrderUrl } from './order-access.ts';
import type { RequestContext } from './request.ts';

/** What the page sends. The order names amount and payee; the key shows that this browser may pay it. */
export type OutsideForm = {
  orderId: string;
  version: number;
  email: string;
  key?: string | undefined;
  seen?: string | undefined;
};

/** What is asked of the request that the form came with. */
export type OutsideRequest = {
  headers: Pick<Headers, 'get'>;
  locale: () => Promise<Locale>;
  /** Gives the browser a cookie with the answer. */
  remember: () => Promise<unknown>;
};

/** ECommPay speaks by two-letter codes. */
const LANGUAGE = { en: 'en', fil: 'tl' } as const;

/**
 * Pays an order over ECommPay, by its Payment Page or by Gate as the merchant chose.
 *
 * @returns where the customer goes next: the hand-over, or the order's page with what is to be said; and the work that
 * goes on behind it
 */
export async function payOutsideMaya(
  context: RequestContext,
  form: OutsideForm,
  { headers, locale, remember }: OutsideRequest,
): Promise<{ to: string; settled: Promise<void> }> {
  const { deps } = context;
  const stay = (notice?: string) => {
    const path = orderPath({ id: form.orderId }, form.key);
    const more = notice === undefined ? '' : `${form.key ? '&' : '?'}notice=${notice}`;
    return { to: path + more, settled: Promise.resolve() };
  };
  const access = await accessOrder(context, form.orderId, form.key);
  if (access?.payOn !== 'ecommpay' || !deps.ecommpay) return stay('not-found');
  // Were the answer to this tap lost with its cookie, nobody could ever go on with a payment that it had opened.
  if (!context.visitor) {
    await remember();
    return stay('cookies');
  }
  const { order } = access;
  const owner = context.visitor;
  const earlier = await sameTotalLately(deps.store.db, owner, order.id);
  if (earlier && earlier.id !== form.seen) return stay('same-total');

  const returnUrl = `${privateOrderUrl(context, order.id)}&returned=1`;
  const to = `/handover/${order.id}${form.key ? `?key=${form.key}` : ''}`;
  if (deps.ecommpay.sale === 'page') {
    const language = LANGUAGE[await locale()];
    const buyer = { owner, returnUrl, email: form.email, language };
    const payment = await startPagePayment(deps, buyer, order, form.version);
    if (payment.kind === 'refused') return stay(payment.reason.replaceAll('_', '-'));
    return payment.kind === 'go' ? { to, settled: Promise.resolve() } : stay();
  }
  const ipAddress = customerAddress(headers, deps.settings);
  if (ipAddress === null) return stay('unavailable');
  const payment = await startGatePayment(
    deps,
    { owner, returnUrl, email: form.email, ipAddress },
    order,
    form.version,
  );
  if (payment.tap.kind === 'refused')
    return { to: stay(payment.tap.reason.replaceAll('_', '-')).to, settled: payment.settled };
  return { to, settled: payment.settled };
}
