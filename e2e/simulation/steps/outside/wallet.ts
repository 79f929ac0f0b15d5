import { nudgeAfterReturn } from '#lib/payments/ecommpay/after-return.ts';
import type { World } from '../../world/world.ts';
import { look } from '../shop.ts';
import { type Act, request, viewOn } from '../stage.ts';

/** A person waits: no process of ours. */
export const sleep = (world: World, ms: number): Promise<void> =>
  new Promise((resolve) => world.scheduler.in(ms, resolve));

/** Somebody who tapped Pay and never went on. Takes a moment either way. */
export async function wanders({ world, chance }: Act): Promise<boolean> {
  await sleep(world, chance.between(100, 4_000));
  if (!chance.maybe(0.08)) return false;
  world.reach('a customer walked away before the wallet');
  return true;
}

/** Says yes or no in the wallet, or nothing; then, mostly, comes back. */
export async function decideThere(act: Act, order = act.device.page?.order): Promise<void> {
  const { world, device, ecommpay, chance } = act;
  const { outside } = device;
  if (!outside || outside.wallet === null || !ecommpay) return;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await sleep(world, chance.pick([1_000, 4_000, 20_000, 130_000]));
    const does = chance.pick([
      'approve',
      'approve',
      'approve',
      'approve',
      'approve',
      'approve',
      'cancel',
      '',
    ]);
    world.reach(does === '' ? 'a customer walked away in the wallet' : `in the wallet: ${does}`);
    if (does === '') {
      if (!(await looksAndGoesOn(act, order))) return;
      continue;
    }
    // Meanwhile the page turned this customer away.
    if (outside.wallet === null) return;
    world.note(() => `${device.name}: ${does} in the wallet`);
    const t = new URLSearchParams(outside.wallet.split('?')[1]).get('t') ?? '';
    ecommpay.browse('/payment/wallet', { t, does, wallet: device.customer });
    // Where the attempt failed, the wallet may ask once more.
    await sleep(world, 3_000);
    if (!chance.maybe(0.3)) break;
  }
  if (!chance.maybe(0.85)) return;
  await comeBack(act, order);
}

/** Some look at their order while they could still pay there, and go back to it. Others never do. */
export async function looksAndGoesOn(act: Act, order: string | undefined): Promise<boolean> {
  const { world, chance } = act;
  if (!chance.maybe(0.5)) return false;
  await comeBack(act, order);
  await sleep(world, chance.pick([1_000, 20_000, 130_000, 600_000]));
  if (chance.maybe(0.5)) await comeBack(act, order);
  world.reach('a customer looked at the order and went on paying');
  return true;
}

/** By the address that ECommPay or the wallet was given. */
export async function comeBack(act: Act, order = act.device.page?.order): Promise<void> {
  const { world, device } = act;
  if (order === undefined) return;
  await request(act, 'return', async (runtime) => {
    const viewed = await viewOn(runtime, device, order);
    const payment = viewed?.status.payment;
    if (payment?.rail === 'ecommpay') await nudgeAfterReturn(runtime, payment.id);
  });
  world.reach('a customer came back');
  await look(act, order);
}
