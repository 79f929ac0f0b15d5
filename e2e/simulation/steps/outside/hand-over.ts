import { redirectFor } from '#lib/payments/ecommpay/redirect-for.ts';
import { pageOffer } from '#lib/payments/ecommpay/start-page.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import { ORIGIN } from '../../ecommpay/agreement.ts';
import type { Device } from '../device.ts';
import { type Act, FAILED, request, viewOn } from '../stage.ts';
import { looksAndGoesOn, sleep } from './wallet.ts';

/** Where the hand-over leads: an address with what the form there is filled with. */
type Onward = { address: string; fields: Record<string, string>; isPage: boolean };

const LOOKS_EVERY_MS = 2_000;
const LOOKS = 30;

/** Goes to ECommPay's page, or by its redirect to the wallet; waits for that as the hand-over's page does. */
export async function goOn(act: Act, order = act.device.page?.order): Promise<void> {
  const { world, device, ecommpay } = act;
  const { outside } = device;
  if (!outside || !ecommpay || order === undefined) return;
  for (let look = 0; look < LOOKS; look += 1) {
    const onward = await request(act, 'hand-over', (runtime) => onwardOf(runtime, device, order));
    if (onward === FAILED || onward === null) return;
    if (onward !== 'wait') return arriveAt(act, onward, order);
    await sleep(world, LOOKS_EVERY_MS);
  }
  world.reach('a hand-over gave up');
}

async function arriveAt(act: Act, { address, fields, isPage }: Onward, order: string): Promise<void> {
  const { world, device, ecommpay, chance } = act;
  const { outside } = device;
  if (!outside || !ecommpay) return;
  const { pathname, search, searchParams, origin } = new URL(address);
  const payment = searchParams.get('payment_id');
  if (!isPage) {
    const t = fields.t ?? searchParams.get('t');
    outside.wallet = origin === ORIGIN ? `${pathname}?t=${t}` : null;
    world.reach(Object.keys(fields).length > 0 ? 'redirected by POST' : 'redirected by GET');
    return;
  }
  // Most confirm the form; the payment exists from then on.
  if (payment === null) return;
  if (chance.maybe(0.12) && !(await looksAndGoesOn(act, order))) return;
  ecommpay.drawEnd('sale-end', payment);
  const led = ecommpay.browse(`${pathname}${search}`, { email: 'somebody.outside@example.com' });
  world.reach(led === null ? 'the page was closed' : 'the page was confirmed');
  const token = led && new URL(led, ORIGIN).searchParams.get('t');
  outside.wallet = token && `/payment/wallet?t=${token}`;
}

/** As `lib/runtime/handover.ts` does it, without Next. */
async function onwardOf(runtime: Runtime, device: Device, orderId: string): Promise<Onward | 'wait' | null> {
  const viewed = await viewOn(runtime, device, orderId);
  const payment = viewed?.status.payment;
  const rail = runtime.ecommpay;
  if (!viewed || !payment || !rail || payment.rail !== 'ecommpay') return null;
  const isUnderWay = payment.state === 'creating' || payment.state === 'executing';
  if (viewed.order.claim !== payment.id || !isUnderWay) return null;
  const isOwn = payment.session_id === device.outside?.visitor;
  const offer = await pageOffer(runtime, rail, payment.id);
  if (offer) {
    const isForHim = isOwn || !offer.namesCustomer;
    return offer.usable && isForHim ? { address: offer.address, fields: {}, isPage: true } : null;
  }
  if (!isOwn) return null;
  const way = await redirectFor(runtime, payment);
  if (way.kind !== 'go') return way.kind === 'wait' ? 'wait' : null;
  const { redirect } = way;
  const fields = redirect.method === 'POST' ? redirect.fields : {};
  return { address: redirect.url, fields: { ...fields }, isPage: false };
}
