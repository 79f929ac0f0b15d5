import { type CustomerSession, findSession } from '#lib/customer-session/sessions.ts';
import type { Owner } from '#lib/orders/order.ts';
import { type ViewedOrder, viewLinkedOrder, viewOrder } from '#lib/payments/view-order.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import type { EcommpayNetwork } from '../ecommpay/network.ts';
import type { MayaNetwork } from '../maya/network.ts';
import type { Chance } from '../world/chance.ts';
import type { SimProcess } from '../world/sim-process.ts';
import { runtimeOf, startProcess } from '../world/start-process.ts';
import type { World } from '../world/world.ts';
import type { Device } from './device.ts';

/** Where steps happen: the world with its phones. */
export type Stage = {
  world: World;
  network: MayaNetwork;
  /** The second rail, in worlds that have it. */
  ecommpay: EcommpayNetwork | null;
  devices: Device[];
};

/** A step's own hands: which phone, and chance of its own. */
export type Act = Stage & { device: Device; chance: Chance };

/** What a request came to that did not come back with a page. */
export const FAILED = Symbol('failed');

/** The process that a request reaches, as a load balancer that knows no better spreads them. */
export function route({ world, chance }: Pick<Act, 'world' | 'chance'>): SimProcess | null {
  const serving = world.serving();
  return serving.length === 0 ? null : (chance.pick(serving) ?? null);
}

/**
 * A request of a phone to one of our processes. What throws is an error page; what never comes back never comes back.
 */
export async function request<T>(
  act: Pick<Act, 'world' | 'chance'>,
  what: string,
  work: (runtime: Runtime, process: SimProcess) => Promise<T>,
): Promise<T | typeof FAILED> {
  const process = route(act);
  if (!process) return FAILED;
  try {
    return await work(runtimeOf(process), process);
  } catch (error) {
    act.world.reach('an error page');
    act.world.note(
      () => `${process.name}: ${what} ends in an error page (${String((error as Error)?.message)})`,
    );
    act.world.judge.expectStoreError(error);
    return FAILED;
  }
}

export function sessionOf(runtime: Runtime, device: Device): Promise<CustomerSession | null> {
  return device.cookie === null ? Promise.resolve(null) : findSession(runtime.store.db, device.cookie);
}

/** Who shops on this device: a customer in a session, live or over, or a visitor outside Maya. */
export async function shopperOf(
  runtime: Runtime,
  { outside, ...device }: Device,
): Promise<(Owner & { live: boolean }) | null> {
  if (!outside) return sessionOf(runtime, { ...device, outside });
  return outside.visitor === null ? null : { row: outside.visitor, customerId: null, live: true };
}

/** The order as this device may see it: its own, or by the private link that it was opened with. */
export async function viewOn(runtime: Runtime, device: Device, order: string): Promise<ViewedOrder | null> {
  const shopper = await shopperOf(runtime, device);
  const own = shopper && (await viewOrder(runtime, shopper, order));
  const key = device.outside?.key ?? null;
  return own ?? (key === null ? null : viewLinkedOrder(runtime, runtime.orderKeys, order, key));
}

export const boot = (stage: Stage): Promise<SimProcess> =>
  startProcess(stage.world, stage.network, stage.ecommpay);
