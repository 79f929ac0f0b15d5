import { orderKey } from '#lib/orders/order-key.ts';
import { look } from '../shop.ts';
import { type Act, FAILED, request } from '../stage.ts';

/** Opens in an ordinary browser the private link of an order that somebody has on another device. */
export async function openLink(act: Act): Promise<void> {
  const { world, devices, chance } = act;
  const browsers = devices.filter(({ outside }) => outside !== null);
  const others = devices.filter(({ page }) => page !== null);
  if (browsers.length === 0 || others.length === 0) return;
  const from = chance.pick(others);
  const device = chance.pick(browsers);
  const order = from?.page?.order;
  if (!device?.outside || order === undefined || from === device) return;
  const key = await request(act, 'link', async (runtime) => orderKey(runtime.orderKeys, order));
  if (key === FAILED) return;
  device.outside.key = key;
  world.reach(from?.outside ? 'a private link was opened' : "a private link of Maya's customer was opened");
  await look({ ...act, device }, order);
}
