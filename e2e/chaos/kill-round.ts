import type { BuiltServer } from '../built/server.ts';
import type { Stage } from '../built/stage.ts';
import { type Cast, type Round, recover, SETTLED_WITHIN_MS, storeNow } from './aftermath.ts';
import type { CrashPoint } from './crash-points.ts';
import { Customer } from './customer.ts';
import { pause, unsettled, untilNone } from './inspect.ts';
import { MAYA } from './rails.ts';
import { emptyTally } from './tally.ts';

const REACHED_WITHIN_MS = 25_000;
const STAGGER_MS = 30;
const ARRIVAL_STAGGER_MS = 150;

/**
 * One kill: some customers arrive and pay at once, the process dies at the point, a new one starts and settles by
 * itself, the customers come back and go on until each has paid. Then the books of both sides are compared.
 *
 * @param number chooses the passage that kills, and who meets which scenario
 */
export async function killRound(
  stage: Stage,
  { point, when, scenarios, tokensEnded }: CrashPoint,
  number: number,
  crowd: number,
): Promise<Round> {
  const passages = when === 'arriving' ? crowd : Math.max(1, Math.floor(crowd / 2));
  const armed = `${point}:${1 + (number % passages)}`;
  const customers = Array.from({ length: crowd }, () => new Customer(stage));
  const cast: Cast = {
    stage,
    rail: MAYA,
    shoppers: customers,
    since: await storeNow(stage),
    name: `${stage.store.engine} ${armed}`,
  };
  return killAt(cast, armed, async () =>
    when === 'arriving'
      ? customers.map(async (customer, index) => {
          await pause(index * ARRIVAL_STAGGER_MS);
          await customer.arrive();
          await customer.tap();
        })
      : arriveThenTap(stage, customers, (index) => scenarios[(number + index) % scenarios.length], {
          tokensEnded,
        }),
  );
}

/**
 * Starts a process that dies at the point, lets the shoppers begin, and recovers when it is dead.
 *
 * @param begin what the shoppers do, under way when this resolves
 */
export async function killAt(
  cast: Cast,
  armed: string,
  begin: () => Promise<Promise<unknown>[]>,
): Promise<Round> {
  const { stage, shoppers } = cast;
  const doomed = await stage.startServer({ ...cast.env, FAULT_POINT: armed });
  try {
    const all = Promise.allSettled(await begin());
    const died = await diesWithin(doomed, REACHED_WITHIN_MS);
    await all;
    if (!died) {
      await doomed.kill();
      return await recover(cast, { ...emptyTally(), missed: 1 });
    }
    const payments = await unsettled(stage);
    return await recover(cast, { ...emptyTally(), kills: 1, customers: shoppers.length, payments });
  } finally {
    await Promise.all(shoppers.map((shopper) => shopper.close()));
  }
}

/** Everybody arrives; then everybody taps within a moment. @param options.ready called between the two */
export async function arriveThenTap(
  stage: Stage,
  customers: readonly Customer[],
  scenarioOf: (index: number) => Parameters<Customer['setScenario']>[0] | undefined,
  options: { tokensEnded: boolean; ready?: () => void },
): Promise<Promise<unknown>[]> {
  await Promise.all(customers.map((customer) => customer.arrive()));
  customers.forEach((customer, index) => {
    const scenario = scenarioOf(index);
    if (scenario && scenario !== 'approved') customer.setScenario(scenario);
  });
  if (options.tokensEnded) await endTokens(stage, customers);
  options.ready?.();
  return customers.map(async (customer, index) => {
    await pause(index * STAGGER_MS);
    await customer.tap();
  });
}

/** The access tokens of these customers' sessions count as ended, once nobody uses them for a profile any more. */
async function endTokens(stage: Stage, customers: readonly Customer[]): Promise<void> {
  const orders = customers.flatMap(({ order }) => (order ? [order] : []));
  const sessions = await stage.store.db
    .selectFrom('orders')
    .select('session_id')
    .where('id', 'in', orders)
    .execute();
  const ids = sessions.map(({ session_id: id }) => id);
  const strangers = () =>
    stage.store.db
      .selectFrom('sessions')
      .select('id')
      .where('id', 'in', ids)
      .where('customer_id', 'is', null)
      .execute();
  await untilNone(async () => (await strangers()).length, SETTLED_WITHIN_MS);
  await stage.store.db.updateTable('sessions').set({ access_expires_at: 1 }).where('id', 'in', ids).execute();
}

async function diesWithin(server: BuiltServer, limitMs: number): Promise<boolean> {
  return Promise.race([server.gone.then(() => true), pause(limitMs).then(() => false)]);
}
