import { pay } from '#lib/payments/pay.ts';
import type { Page } from './device.ts';
import { open } from './open.ts';
import { tapOutside } from './outside/tap-outside.ts';
import { look, shop } from './shop.ts';
import { type Act, FAILED, request, sessionOf } from './stage.ts';

/** How long the pay action waits for the outcome before it leads to the order's page. */
const PAY_WAIT_MS = 1_500;

/** A customer who wants to pay does what it takes: opens the mini app, fills a cart, and presses Pay. */
export async function wantToPay(act: Act): Promise<void> {
  const { device, chance } = act;
  if (device.outside ? device.outside.visitor === null : device.cookie === null) await open(act);
  if (!device.page?.payable) {
    if (device.page && chance.maybe(0.3)) await look(act);
    else await shop(act);
  }
  await tap(act);
}

/** Presses Pay on a page, then looks at the order, as the action's redirect does. */
export async function tap(act: Act, page: Page | null = act.device.page): Promise<void> {
  const { world, device } = act;
  if (!page?.payable) return;
  if (device.outside) return tapOutside(act, page);
  const seen = world.judge.tapped({
    order: page.order,
    customer: device.customer,
    amountCentavos: page.amountCentavos,
  });
  world.note(() => `${device.name} taps Pay ${page.amountCentavos} for order ${page.order.slice(-6)}`);
  const tapped = await request(act, 'pay', async (runtime, process) => {
    process.onDeath(() => {
      if (seen.answer === 'open') seen.answer = 'error';
    });
    const session = await sessionOf(runtime, device);
    if (!session) return 'no session';
    const { tap: result, settled } = await pay(runtime, session, page.order, page.version);
    if (result.kind === 'refused') return result.reason;
    seen.answer = 'following';
    await Promise.race([settled, runtime.clock.sleep(PAY_WAIT_MS)]);
    return 'following';
  });
  if (tapped === FAILED) {
    seen.answer = 'error';
    return;
  }
  world.reach(`tap: ${tapped}`);
  if (tapped !== 'following') {
    seen.answer = 'refused';
    seen.toldUnpaid = true;
    world.note(() => `${device.name} is refused: ${tapped}`);
  }
  await look(act, page.order);
}
