import { cancelOrder } from '#lib/orders/close-order.ts';
import { findOrder } from '#lib/orders/order.ts';
import { viewOrder } from '#lib/payments/view-order.ts';
import { putInCart, readCart } from '#lib/shop/cart.ts';
import { checkOut } from '#lib/shop/checkout.ts';
import { type Act, FAILED, request, shopperOf, viewOn } from './stage.ts';

/** Fills the cart and checks out, as the actions do. @param meddle what happens between looking and checking out */
export async function shop(act: Act, meddle?: () => void): Promise<void> {
  const { world, device, chance } = act;
  const kinds = chance.between(1, 2);
  for (let index = 0; index < kinds; index += 1) {
    const item = world.prices.anyItem();
    const quantity = chance.between(1, 4);
    await request(act, 'cart', async (runtime) => {
      const session = await shopperOf(runtime, device);
      if (session?.live) await putInCart(runtime, session.row, { itemId: item }, () => quantity);
    });
  }
  const cart = await request(act, 'cart', async (runtime) => {
    const session = await shopperOf(runtime, device);
    if (!session?.live) return null;
    const found = await readCart(runtime, session.row);
    return { ...found, name: `${session.row} ${found.quote}` };
  });
  if (cart === FAILED || cart === null) return;
  // The judge tells orders apart by their amounts, so a customer never has two of one amount.
  if (!world.judge.reserve(device.customer, cart.totalCentavos, cart.name)) return;
  meddle?.();
  const checkout = await request(act, 'checkout', async (runtime) => {
    const session = await shopperOf(runtime, device);
    if (!session?.live) return null;
    return checkOut({ ...runtime, limits: runtime.payments }, session, cart.quote);
  });
  if (checkout === FAILED || checkout === null) return;
  world.reach(checkout.kind === 'order' ? 'checkout: order' : `checkout: ${checkout.reason}`);
  if (checkout.kind !== 'order') return;
  world.note(() => `${device.name} checks out order ${checkout.orderId.slice(-6)} of ${cart.totalCentavos}`);
  await look(act, checkout.orderId);
}

/** Opens the order's page. */
export async function look(act: Act, order = act.device.page?.order): Promise<void> {
  const { world, device } = act;
  if (order === undefined) return;
  const asked = world.judge.asked(order);
  const viewed = await request(act, 'order page', (runtime) => viewOn(runtime, device, order));
  if (viewed === FAILED || viewed === null) return;
  const { status } = viewed;
  const { totalCentavos: amountCentavos, version } = viewed.order;
  world.note(
    () => `${device.name} sees order ${order.slice(-6)} ${status.state}${status.payable ? ', Pay' : ''}`,
  );
  world.judge.ordered(order, device.customer, amountCentavos);
  const { state, payable, paidCentavos } = status;
  const duplicate = status.duplicate !== null;
  world.judge.shown({ order, customer: device.customer, state, payable, duplicate, paidCentavos }, asked);
  const page = { order, version, amountCentavos, payable };
  if (device.page?.payable) device.before = device.page;
  device.page = page;
}

/** Somebody tries the address of another customer's order. */
export async function peek(act: Act): Promise<void> {
  const { world, device, devices, chance } = act;
  const foreign = devices
    .map((other) => other.page?.order)
    .filter((order) => order !== undefined && world.judge.customerOf(order) !== device.customer);
  const order = foreign.length > 0 ? chance.pick(foreign) : undefined;
  if (order === undefined) return;
  const seen = await request(act, 'peek', async (runtime) => {
    const session = await shopperOf(runtime, device);
    return session ? viewOrder(runtime, session, order) : null;
  });
  world.reach("somebody tried another customer's order");
  if (seen !== FAILED && seen !== null)
    world.judge.wrong('told the truth', `${device.customer} saw the order of somebody else`);
}

export async function cancel(act: Act): Promise<void> {
  const { device, world } = act;
  const order = device.page?.order;
  if (order === undefined) return;
  const cancelled = await request(act, 'cancel', async (runtime) => {
    const session = await shopperOf(runtime, device);
    const found = session && (await findOrder(runtime.store.db, order, session));
    return found ? cancelOrder(runtime.store.db, found.id) : null;
  });
  if (cancelled === FAILED || cancelled === null) return;
  world.reach(cancelled ? 'an order was cancelled' : 'a cancellation was refused');
  await look(act, order);
}
