import { sql } from 'kysely';
import { openStage, type Stage } from '../built/stage.ts';
import type { ScenarioName } from '../simulator/maya/scenarios/catalogue.ts';
import { CallCounter } from './calls.ts';
import { Customer } from './customer.ts';
import { Fleet } from './fleet.ts';
import { pause, undelivered, unsettled, untilNone } from './inspect.ts';
import {
  type Crowd,
  compare,
  type InstancesOptions,
  type InstancesResult,
  type Reading,
} from './instances-result.ts';
import { MAYA } from './rails.ts';
import { seededRandom } from './random.ts';
import { staffDecides } from './staff.ts';

const GIVE_UP_MS = 180_000;

/** With kills: what Maya does to every n-th customer, so that declines and lost answers meet the kills. */
const TROUBLE: readonly ScenarioName[] = [
  'declined-risk',
  'approved',
  'execute-reset-charged',
  'approved',
  'execute-500-charged',
  'approved',
  'approved',
  'create-500',
];
const EXPIRED_EVERY = 4;

/** Orders. */
const VACUUM_EVERY = 500;

/** Orders paid by many taps at once over several processes on one PostgreSQL, and both sides' books afterwards. */
export async function runInstances(
  reading: Reading,
  options: InstancesOptions,
  tell: (done: number) => void,
): Promise<InstancesResult> {
  const stage = await openStage('postgres', {
    servers: 0,
    env: { MAYA_PY0010: reading.setting, SESSION_URL_MAX_UNREDEEMED: '1000000' },
  });
  try {
    stage.simulator.maya.changeSettings({ repeatAfterDeclined: reading.repeatAfterDeclined });
    const fleet = await Fleet.start(stage, options.instances);
    const calls = new CallCounter(stage);
    const closing = new AbortController();
    const staff = staffDecides(stage, MAYA, closing.signal);
    const killing =
      options.killEveryMs > 0
        ? fleet.killNowAndThen(seededRandom(options.seed), options.killEveryMs, closing.signal)
        : Promise.resolve();
    const crowd = await payAll(stage, fleet, options, calls, tell);
    closing.abort();
    await killing;
    await untilNone(() => unsettled(stage), GIVE_UP_MS);
    await untilNone(() => undelivered(stage), GIVE_UP_MS);
    return await compare(stage, reading, options, {
      ...crowd,
      kills: fleet.kills,
      refreshes: calls.of('refresh'),
      reviews: (await staff).size,
    });
  } finally {
    await stage.close();
  }
}

async function payAll(
  stage: Stage,
  fleet: Fleet,
  options: InstancesOptions,
  calls: CallCounter,
  tell: (done: number) => void,
): Promise<Crowd> {
  const crowd: Crowd = { customers: [], expiries: 0, wrong: [] };
  let next = 0;
  let done = 0;
  const spread = () =>
    Array.from({ length: options.taps }, (_, tap) => fleet.urls[tap % fleet.urls.length] ?? '');
  const worker = async () => {
    while (next < options.orders) {
      const number = next;
      next += 1;
      const customer = new Customer(stage, spread);
      crowd.customers.push(customer);
      await arriveSomehow(customer);
      if (options.killEveryMs > 0) {
        const trouble = TROUBLE[number % TROUBLE.length] ?? 'approved';
        if (trouble !== 'approved') customer.setScenario(trouble);
      } else if (number % EXPIRED_EVERY === 0) {
        await endToken(stage, customer);
        crowd.expiries += 1;
      }
      await customer.tap();
      if (!(await customer.untilPaid(GIVE_UP_MS)))
        crowd.wrong.push(`${customer.id}: could not pay ${customer.order}`);
      await customer.close();
      calls.follow();
      done += 1;
      tell(done);
      // A test server may run without autovacuum. Without statistics it reads whole tables, and gets slower with every order.
      if (done % VACUUM_EVERY === 0) await sql`vacuum analyze`.execute(stage.store.db);
    }
  };
  await Promise.all(Array.from({ length: options.customersAtOnce }, worker));
  return crowd;
}

async function arriveSomehow(customer: Customer): Promise<void> {
  for (;;) {
    try {
      return await customer.arrive();
    } catch {
      // The process that was to receive the customer is dead just now.
      await pause(200);
    }
  }
}

/** The access token of this order's session counts as ended. */
async function endToken(stage: Stage, { order }: Customer): Promise<void> {
  await stage.store.db
    .updateTable('sessions')
    .set({ access_expires_at: 1 })
    .where('id', '=', (eb) =>
      eb
        .selectFrom('orders')
        .select('session_id')
        .where('id', '=', order ?? ''),
    )
    .execute();
}
