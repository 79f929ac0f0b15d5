import { type CustomerSession, findSession } from '#lib/customer-session/sessions.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import type { MayaNetwork } from '../maya/network.ts';
import type { Chance } from '../world/chance.ts';
import type { SimProcess } from '../world/sim-process.ts';
import { runtimeOf, startProcess } from '../world/start-process.ts';
import type { World } from '../world/world.ts';
import type { Device } from './device.ts';

/** Where steps happen: the world with its phones. */
export type Stage = { world: World; network: MayaNetwork; devices: Device[] };

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

export const boot = (stage: Stage): Promise<SimProcess> => startProcess(stage.world, stage.network);
