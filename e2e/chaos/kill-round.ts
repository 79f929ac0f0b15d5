import { nowMs } from '#lib/db/store.ts';
import type { BuiltServer } from '../built/server.ts';
import type { Stage } from '../built/stage.ts';
import { type CrashPoint, TOLERATED } from './crash-points.ts';
import { Customer } from './customer.ts';
import { judgeBooks, pause, readBooks, undelivered, unsettled, untilNone } from './inspect.ts';
import { staffDecides } from './staff.ts';
import { emptyTally, type Tally } from './tally.ts';
import { whyNotPaid } from './why-not-paid.ts';

/** What the start of a process promises, and when a test gives up. */
export const SETTLED_WITHIN_MS = 10_000;
const GIVE_UP_MS = 90_000;
const REACHED_WITHIN_MS = 25_000;
const STAGGER_MS = 30;
const ARRIVAL_STAGGER_MS = 150;

export type Round = { tally: Tally; faults: string[] };

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
  const since = await storeNow(stage);
  const passages = when === 'arriving' ? crowd : Math.max(1, Math.floor(crowd / 2));
  const passage = 1 + (number % passages);
  const doomed = await stage.startServer({ FAULT_POINT: `${point}:${passage}` });
  const customers = Array.from({ length: crowd }, () => new Customer(stage));
  try {
    const busy =
      when === 'arriving'
        ? customers.map(async (customer, index) => {
            await pause(index * ARRIVAL_STAGGER_MS);
            await customer.arrive();
            await customer.tap();
          })
        : await arriveThenTap(stage, customers, (index) => scenarios[(number + index) % scenarios.length], {
            tokensEnded,
          });
    const all = Promise.allSettled(busy);
    const died = await diesWithin(doomed, REACHED_WITHIN_MS);
    await all;
    const left = await unsettled(stage);
    if (!died) {
      await doomed.kill();
      await stage.startServer().then((server) => settleAndLeave(stage, server));
      return { tally: { ...emptyTally(), missed: 1 }, faults: [] };
    }
    const tally = { ...emptyTally(), kills: 1, customers: crowd, payments: left };
    return await recover(stage, customers, since, tally, `${stage.store.engine} ${point}:${passage}`);
  } finally {
    await Promise.all(customers.map((customer) => customer.close()));
  }
}

/** A start after whatever happened, and everything that must be true from then on. */
export async function recover(
  stage: Stage,
  customers: readonly Customer[],
  since: number,
  before: Tally,
  name: string,
): Promise<Round> {
  const server = await stage.startServer();
  const settled = await untilNone(() => unsettled(stage), GIVE_UP_MS);
  const settledAt = Date.now();
  const tookMs = settledAt - (await startedAt(server));
  const tally = { ...before };
  if (before.payments > 0) tally.slowestMs = tookMs;
  if (before.payments > 0 && tookMs > SETTLED_WITHIN_MS) tally.late = 1;
  const faults = settled === null ? [`${name}: payments are still open after ${GIVE_UP_MS} ms`] : [];
  await finish(stage, customers, since, tally, faults, name);
  if (server.output.join('\n').includes('unhandled')) faults.push(`${name}: an unhandled rejection`);
  await server.kill();
  return { tally, faults };
}

/** When the process said that it has started; how long Node and Next take before is not ours. */
async function startedAt(server: BuiltServer): Promise<number> {
  const told = () => server.output.find((line) => line.includes('"process.started"'));
  await untilNone(async () => (told() ? 0 : 1), SETTLED_WITHIN_MS);
  return Date.parse((JSON.parse(told() ?? '{}') as { time: string }).time);
}

/** The customers go on until each has paid; then the books are compared. Adds what it finds. */
export async function finish(
  stage: Stage,
  customers: readonly Customer[],
  since: number,
  tally: Tally,
  faults: string[],
  name: string,
  tolerated: readonly string[] = TOLERATED,
): Promise<void> {
  for (const { id } of customers) stage.simulator.maya.setScenario({ customer: id, name: 'approved' });
  const closing = new AbortController();
  const staff = staffDecides(stage, closing.signal);
  const paid = await Promise.all(customers.map((customer) => customer.untilPaid(GIVE_UP_MS)));
  await untilNone(() => unsettled(stage), GIVE_UP_MS);
  await untilNone(() => undelivered(stage), GIVE_UP_MS);
  closing.abort();
  tally.reviews += (await staff).size;
  const ids = customers.map(({ id }) => id);
  const verdict = judgeBooks(await readBooks(stage, ids, since));
  const words = [
    ...verdict.wrong,
    ...customers.flatMap(({ id, lies }) => lies.map((lie) => `${id}: ${lie}`)),
    ...(await Promise.all(
      customers.filter((_, index) => !paid[index]).map((customer) => whyNotPaid(stage, customer)),
    )),
    ...ids.flatMap((id) =>
      stage.simulator.maya
        .violations(id)
        .filter(({ kind }) => !tolerated.includes(kind))
        .map(({ kind, detail }) => `${id}: ${kind}: ${detail}`),
    ),
  ];
  tally.double += verdict.double;
  tally.lost += verdict.lost;
  tally.stuck += verdict.stuck;
  tally.wrong += words.length;
  const { double, lost, stuck } = verdict;
  if (double + lost + stuck > 0) faults.push(`${name}: ${double} double, ${lost} lost, ${stuck} stuck`);
  faults.push(...words.map((word) => `${name}: ${word}`));
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

async function settleAndLeave(stage: Stage, server: BuiltServer): Promise<void> {
  await untilNone(() => unsettled(stage), GIVE_UP_MS);
  await server.kill();
}

export async function storeNow(stage: Stage): Promise<number> {
  return (await stage.store.db.selectNoFrom(nowMs.as('now')).executeTakeFirstOrThrow()).now;
}
