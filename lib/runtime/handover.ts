import { randomBytes } from 'node:crypto';
import { getTranslations } from 'next-intl/server';
import { redirectFor } from '../payments/ecommpay/redirect-for.ts';
import { pageOffer } from '../payments/ecommpay/start-page.ts';
import { mayCharge } from '../payments/may-charge.ts';
import { handOverPage, handOverPolicy, type Onward } from './handover-page.ts';
import { currentLocale } from './i18n.ts';
import { type Access, accessOrder, orderPath } from './order-access.ts';
import { WAIT_HEADER, WAITING } from './plain-page.ts';
import { type RequestContext, requestContext } from './request.ts';

/** Neither done nor with a person: then nobody is sent on to pay. */
export const isUnderWay = (state: string) => state === 'creating' || state === 'executing';

/** The page that waits for Gate's redirect gives up politely after this. */
const GIVE_UP_AFTER_MS = 60_000;

/**
 * Where a payment outside Maya goes on: ECommPay's page, the wallet, or not known yet. Only for the browser that began
 * the payment: the page's address names a person, the wallet's may hold a token.
 *
 * @returns `null` where nobody is to be sent anywhere: the order's page tells
 */
export async function onwardOf(context: RequestContext, access: Access): Promise<Onward | null> {
  const { deps, visitor } = context;
  const { order, status } = access;
  const { payment } = status;
  const isOpen = payment !== null && order.claim === payment.id && isUnderWay(payment.state);
  if (!deps.ecommpay || access.payOn !== 'ecommpay' || !isOpen || payment.rail !== 'ecommpay') return null;
  if (payment.session_id !== visitor?.row) return null;
  const offer = await pageOffer(deps, deps.ecommpay, payment.id);
  if (offer) {
    const isOffered = offer.usable && (await mayCharge(deps.store.db, payment.id));
    return isOffered ? { kind: 'go', address: offer.address } : null;
  }
  const handOver = await redirectFor(deps, payment);
  if (handOver.kind === 'over') return null;
  if (handOver.kind === 'wait')
    return { kind: deps.clock.now() - payment.opened_at > GIVE_UP_AFTER_MS ? 'gave_up' : 'wait' };
  const { redirect } = handOver;
  return redirect.method === 'GET'
    ? { kind: 'go', address: redirect.url }
    : { kind: 'post', address: redirect.url, fields: redirect.fields };
}

/** The address holds an e-mail address, and ours a key: neither goes along as `Referer`. */
const PRIVATE = { 'Cache-Control': 'private, no-store', 'Referrer-Policy': 'no-referrer' };

/**
 * `GET /handover/<order>`: takes the customer to ECommPay or the wallet. A page of its own, since the policy of our
 * other pages lets no form, and no redirect of one, lead to another site. Works without JavaScript.
 */
export async function handOver(request: Request, orderId: string): Promise<Response> {
  const context = await requestContext();
  const key = new URL(request.url).searchParams.get('key') ?? undefined;
  const access = await accessOrder(context, orderId, key);
  const onward = access && (await onwardOf(context, access));
  const back = orderPath({ id: orderId }, key);
  if (!onward) return new Response(null, { status: 303, headers: { ...PRIVATE, Location: back } });
  const t = await getTranslations('handover');
  const gaveUp = onward.kind === 'gave_up';
  const nonce = randomBytes(16).toString('base64');
  const page = handOverPage(
    onward,
    {
      title: context.deps.settings.MERCHANT_NAME,
      heading: t(gaveUp ? 'gaveUp' : 'heading'),
      text: t(gaveUp ? 'gaveUpText' : 'text'),
      still: t('still'),
      continue: t('continue'),
      back: t('back'),
    },
    { back, lang: await currentLocale(), nonce },
  );
  return new Response(page, {
    headers: {
      ...PRIVATE,
      ...(onward.kind === 'wait' ? { [WAIT_HEADER]: WAITING } : {}),
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': handOverPolicy(onward, nonce),
    },
  });
}
