import { privateOrderPath } from '#lib/orders/order-key.ts';
import type { Buyer } from '#lib/payments/ecommpay/buyer.ts';
import { startGatePayment } from '#lib/payments/ecommpay/start-gate.ts';
import { startPagePayment } from '#lib/payments/ecommpay/start-page.ts';
import type { ViewedOrder } from '#lib/payments/view-order.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import type { Page } from '../device.ts';
import { look } from '../shop.ts';
import { type Act, FAILED, request, shopperOf, viewOn } from '../stage.ts';
import { goOn } from './hand-over.ts';
import { decideThere, wanders } from './wallet.ts';

const ORIGIN = 'http://localhost:3000';

/** Presses Pay in an ordinary browser, goes on to the wallet, and does there whatever comes to mind. */
export async function tapOutside(act: Act, page: Page): Promise<void> {
  const { world, device } = act;
  const seen = world.judge.tapped({
    order: page.order,
    customer: device.customer,
    amountCentavos: page.amountCentavos,
  });
  world.note(
    () => `${device.name} taps Pay ${page.amountCentavos} outside for order ${page.order.slice(-6)}`,
  );
  const tapped = await request(act, 'pay outside', async (runtime, process) => {
    process.onDeath(() => {
      if (seen.answer === 'open') seen.answer = 'error';
    });
    const viewed = await viewOn(runtime, device, page.order);
    const owner = await shopperOf(runtime, device);
    if (!viewed || !owner) return 'no order';
    const returnUrl = `${ORIGIN}${privateOrderPath(runtime.orderKeys, page.order)}&returned=1`;
    const came = await pay(runtime, { owner, returnUrl }, viewed, page, device.customer);
    if (came === 'following') seen.answer = 'following';
    return came;
  });
  if (tapped === FAILED) {
    seen.answer = 'error';
    return;
  }
  world.reach(`tap outside: ${tapped}`);
  if (tapped !== 'following') {
    seen.answer = 'refused';
    seen.toldUnpaid = true;
    world.note(() => `${device.name} is refused: ${tapped}`);
    return look(act, page.order);
  }
  if (await wanders(act)) return;
  await goOn(act, page.order);
  await decideThere(act, page.order);
}

/** As `lib/runtime/pay-outside.ts` does it, without Next. */
async function pay(
  runtime: Runtime,
  buyer: Buyer,
  { order }: ViewedOrder,
  { version }: Page,
  customer: string,
): Promise<string> {
  const email = `${customer}.somebody.outside@example.com`;
  if (runtime.ecommpay?.sale === 'page') {
    const payment = await startPagePayment(runtime, { ...buyer, email, language: 'en' }, order, version);
    return payment.kind === 'refused' ? payment.reason : 'following';
  }
  const { tap } = await startGatePayment(
    runtime,
    { ...buyer, email, ipAddress: '203.0.113.7' },
    order,
    version,
  );
  return tap.kind === 'refused' ? tap.reason : 'following';
}
