import { readSettings, type Settings } from '#lib/base/env.ts';
import type { Fetch } from '#lib/base/http.ts';
import { sweep } from '#lib/payments/sweeper.ts';
import { sweepPayouts } from '#lib/payouts/sweeper.ts';
import { buildRuntime, type Runtime } from '#lib/runtime/build.ts';
import { ORIGIN, railSettings } from '../ecommpay/agreement.ts';
import type { EcommpayNetwork } from '../ecommpay/network.ts';
import { MAYA_CREDENTIALS, type MayaNetwork } from '../maya/network.ts';
import { PROFILE_SETTINGS } from '../maya/profile.ts';
import { makeChance } from './chance.ts';
import { makeIds } from './ids.ts';
import type { Plan } from './plan.ts';
import { SimProcess } from './sim-process.ts';
import { makeStore } from './store.ts';
import type { World } from './world.ts';

export const CALL_TIMEOUT_MS = 4_000;

const known = new Map<string, Settings>();

/** Settings are read by the real schema once for each kind of world: it takes longer than the world. */
function settingsFor({ py0010, profile, executeTimeoutMs, outside }: Plan): Settings {
  const key = `${py0010} ${profile} ${executeTimeoutMs} ${outside?.sale}`;
  const read = known.get(key);
  if (read) return read;
  const made = readSettings(
    {
      APP_URL: 'http://localhost:3000',
      SESSION_PASSWORD: 'a password for simulations, long enough',
      MAYA_MODE: 'simulator',
      MAYA_API_URL: 'http://localhost:4000',
      MAYA_TOKEN_URL: 'http://localhost:4000/oauth/token',
      MAYA_CLIENT_ID: MAYA_CREDENTIALS.clientId,
      MAYA_CLIENT_SECRET: MAYA_CREDENTIALS.clientSecret,
      MAYA_P2M_ID: MAYA_CREDENTIALS.p2mId,
      MAYA_PY0010: py0010,
      MAYA_TIMEOUT_MS: String(CALL_TIMEOUT_MS),
      MAYA_EXECUTE_TIMEOUT_MS: String(executeTimeoutMs),
      MAYA_AMOUNT_MAX_CENTAVOS: '2000000',
      DATABASE_URL: 'file::memory:',
      ...(profile ? PROFILE_SETTINGS : {}),
      ...(outside ? railSettings(outside.sale) : {}),
    },
    false,
  );
  known.set(key, made);
  return made;
}

/** Each provider answers at its own address. */
const fetchOf =
  (maya: Fetch, ecommpay: Fetch | undefined): Fetch =>
  (url, init) =>
    ecommpay && url.startsWith(ORIGIN) ? ecommpay(url, init) : maya(url, init);

/** Starts a process of ours: the real runtime on the world's store, clock, chance and network, and its sweeper. */
export async function startProcess(
  world: World,
  network: MayaNetwork,
  ecommpay: EcommpayNetwork | null,
): Promise<SimProcess> {
  const process = new SimProcess(world, `p${world.processes.length + 1}`);
  const chance = makeChance(world.plan.seed, 3, world.processes.length);
  world.processes.push(process);
  const store = makeStore(process);
  const runtime = await buildRuntime(settingsFor(world.plan), {
    clock: process.clock,
    ids: makeIds(chance, () => process.clock.now()),
    log: process.log,
    fetch: fetchOf(network.fetchFor(process), ecommpay?.fetchFor(process)),
    store,
    reach: process.reach,
    instance: process.name,
    turn: () => new Promise((resolve) => process.later(0, resolve)),
  });
  process.runtime = runtime;
  runtime.catalogue = world.prices.catalogue;
  const deliver = runtime.consume;
  runtime.consume = async (events) => {
    for (const event of events) {
      world.reach(`delivered ${event.kind}`);
      if (world.countOf(`event ${event.id}`) > 1) world.reach('an event was delivered twice');
    }
    await deliver(events);
  };
  world.note(() => `${process.name} starts`);
  void sweep({ ...runtime, clock: process.clockOf('payments') }, runtime.consume);
  if (ecommpay) void sweepPayouts({ ...runtime, clock: process.clockOf('payouts') });
  return process;
}

/** A request to a process: what the process does for it, ended by nothing but its own end. */
export function runtimeOf(process: SimProcess): Runtime {
  if (!process.runtime) throw new Error(`${process.name} has not started`);
  return process.runtime;
}
