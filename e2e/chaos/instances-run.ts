import { openStage, type Stage } from '../built/stage.ts';
import type { ScenarioName } from '../simulator/maya/scenarios/catalogue.ts';
import { CallCounter } from './calls.ts';
import { TOLERATED } from './crash-points.ts';
import { Customer } from './customer.ts';
import { Fleet } from './fleet.ts';
import { judgeBooks, pause, readBooks, undelivered, unsettled, untilNone } from './inspect.ts';
import { seededRandom } from './random.ts';
import { staffDecides } from './staff.ts';
import type { OrderFacts } from './verdict.ts';

/** How Maya means "already processed", and how the app takes it. */
export type Reading = { setting: 'approved' | 'review'; repeatAfterDeclined: 'PY0010' | 'code' };

export type InstancesOptions = {
  orders: number;
  instances: number;
  taps: number;
  customersAtOnce: number;
  /** Between two kills, on average; 0: nobody is killed. */
  killEveryMs: number;
  seed: number;
};

export type InstancesResult = {
  orders: number;
  taps: number;
  kills: number;
  creates: number;
  executes: number;
  debits: number;
  expiries: number;
  refreshes: number;
  double: number;
  lost: number;
  stuck: number;
  /** Counted as paid after a decline, since Maya said "already processed" and the app was set to believe it. */
  believed: number;
  reviews: number;
  wrong: string[];
};

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
    const staff = staffDecides(stage, closing.signal);
    const killing =
      options.killEveryMs > 0
        ? fleet.killNowAndThen(seededRandom(options.seed), options.killEveryMs, closing.signal)
        : Promise.resolve();
    const crowd = await payAll(stage, fleet, options, calls, tell);
    closing.abort();
    await killing;
    await untilNone(() => unsettled(stage), GIVE_UP_MS);
    await untilNone(() => undelivered(stage), GIVE_UP_MS);
    return await compare(stage, reading, options, { ...crowd, fleet, calls, reviews: (await staff).size });
  } finally {
    await stage.close();
  }
}

type Crowd = { customers: Customer[]; expiries: number; wrong: string[] };

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
      while (
        !(await customer.arrive().then(
          () => true,
          () => false,
        ))
      )
        await pause(200);
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
      crowd.wrong.push(...customer.lies.map((lie) => `${customer.id}: ${lie}`));
      await customer.close();
      calls.follow();
      done += 1;
      tell(done);
    }
  };
  await Promise.all(Array.from({ length: options.customersAtOnce }, worker));
  return crowd;
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

async function compare(
  stage: Stage,
  reading: Reading,
  options: InstancesOptions,
  {
    customers,
    expiries,
    wrong,
    fleet,
    calls,
    reviews,
  }: Crowd & { fleet: Fleet; calls: CallCounter; reviews: number },
): Promise<InstancesResult> {
  const { maya } = stage.simulator;
  const books = await readBooks(
    stage,
    customers.map(({ id }) => id),
    0,
  );
  const trusting = reading.setting === 'approved' && reading.repeatAfterDeclined === 'PY0010';
  const verdict = judgeBooks(books, trusting);
  const payments = maya.payments();
  const executed = new Map(payments.map((payment) => [payment.id, payment]));
  const executes = payments.reduce((sum, payment) => sum + payment.executes.length, 0);
  const debits = maya.ledger().debits.length;
  const paid = books.orders.filter(({ paidBy }) => paidBy !== null);
  const believed = paid.filter((order) => order.debits.length === 0).length;
  const words = [...wrong, ...verdict.wrong, ...books.orders.flatMap((order) => secondIds(order, executed))];
  for (const { kind, detail, customer } of maya.violations())
    if (options.killEveryMs === 0 || !TOLERATED.includes(kind)) words.push(`${customer}: ${kind}: ${detail}`);
  if (debits + believed !== options.orders) words.push(`${debits} debits for ${options.orders} orders`);
  if (options.killEveryMs === 0) {
    const exactly = (name: string, count: number, wanted: number) => {
      if (count !== wanted) words.push(`${count} ${name}, ${wanted} were wanted`);
    };
    exactly('creates', payments.length, options.orders);
    exactly('executes', executes, options.orders);
    exactly('refreshes', calls.of('refresh'), expiries);
  }
  return {
    orders: options.orders,
    taps: customers.reduce((sum, customer) => sum + customer.taps, 0),
    kills: fleet.kills,
    creates: payments.length,
    executes,
    debits,
    expiries,
    refreshes: calls.of('refresh'),
    double: verdict.double,
    lost: verdict.lost,
    stuck: verdict.stuck,
    believed,
    reviews,
    wrong: words,
  };
}

type Executed = Map<string, { status: string; executes: readonly unknown[] }>;

/** An order may have a second executed id only where Maya declined the first. */
export function secondIds({ order, payments }: OrderFacts, atMaya: Executed): string[] {
  const ids = payments.flatMap(({ providerId }) => {
    const found = providerId === null ? undefined : atMaya.get(providerId);
    return found && found.executes.length > 0 ? [found] : [];
  });
  const charging = ids.filter(({ status }) => status !== 'DECLINED');
  return charging.length > 1 ? [`${order}: ${charging.length} ids were executed and not declined`] : [];
}
