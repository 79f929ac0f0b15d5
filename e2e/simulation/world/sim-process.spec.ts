import { sql } from 'kysely';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Database } from './database.ts';
import { makePlan } from './plan.ts';
import { SimProcess } from './sim-process.ts';
import { makeStore } from './store.ts';
import { World } from './world.ts';

let database: Database;
let world: World;
let first: SimProcess;
let second: SimProcess;

beforeAll(async () => {
  database = await Database.open();
});
beforeEach(() => {
  world = new World({ database, plan: { ...makePlan(1), faults: {} } });
  first = new SimProcess(world, 'first');
  second = new SimProcess(world, 'second');
});
afterEach(() => database.wipe());

const countAlarms = () => database.get<{ count: number }>('select count(*) as count from alarms')?.count;
const insertAlarm = (id: string) =>
  sql`insert into alarms (id, kind, subject, since, last_at) values (${id}, 'k', ${id}, 0, 0)`;

test('a process that was killed runs nothing more, and leaves nothing half done', async () => {
  const store = makeStore(first);
  let went = 'nowhere';
  void store.transaction(async (tx) => {
    await insertAlarm('a').execute(tx);
    went = 'into the transaction';
    await first.clock.sleep(1_000);
    went = 'past its death';
  });
  await world.scheduler.run(500);
  expect(went).toBe('into the transaction');
  first.kill('for a test');
  await world.scheduler.run(5_000);
  expect(went).toBe('into the transaction');
  expect(countAlarms()).toBe(0);
  await expect(
    answered(makeStore(second).transaction(async (tx) => insertAlarm('b').execute(tx))),
  ).resolves.toBe(true);
  expect(countAlarms()).toBe(1);
});

/** Whether it comes to an end in the next minute of the world. */
async function answered(work: Promise<unknown>): Promise<boolean> {
  let done = false;
  void work.then(() => {
    done = true;
  });
  await world.scheduler.run(world.scheduler.now + 60_000, () => done);
  return done;
}

test('a process that is stopped goes on where it was, and not before', async () => {
  const seen: number[] = [];
  void (async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await first.clock.sleep(100);
      seen.push(world.scheduler.now);
    }
  })();
  await world.scheduler.run(150);
  first.stop(10_000);
  await world.scheduler.run(60_000);
  expect(seen).toEqual([100, 10_150, 10_250]);
});

test('two processes never stand in a transaction at once', async () => {
  const steps: string[] = [];
  const work = (process: SimProcess) =>
    makeStore(process).transaction(async (tx) => {
      steps.push(`${process.name} begins`);
      await insertAlarm(process.name).execute(tx);
      await insertAlarm(`${process.name} again`).execute(tx);
      steps.push(`${process.name} ends`);
    });
  expect(await answered(Promise.all([work(first), work(second)]))).toBe(true);
  expect(steps[1]).toBe(steps[0]?.replace('begins', 'ends'));
  expect(countAlarms()).toBe(4);
});

test('a clock that drifts neither steps nor runs backwards', async () => {
  const readings = [first.clock.monotonic()];
  for (const rate of [0.97, 1.05, 1]) {
    await world.scheduler.run(world.scheduler.now + 1_000);
    readings.push(first.clock.monotonic());
    first.drift(rate);
    expect(first.clock.monotonic()).toBe(readings.at(-1));
  }
  await world.scheduler.run(world.scheduler.now + 1_000);
  expect(readings).toEqual([0, 1_000, 1_970, 3_020]);
});
