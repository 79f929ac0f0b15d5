import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeTestLog } from '#e2e/rig/test-log.ts';
import { openTestStore, type TestStore } from '#e2e/rig/test-store.ts';
import { systemIds } from '../base/ids.ts';
import { type AlarmKind, countOpenAlarms, raiseAlarm } from './alarms.ts';

let it: TestStore;
beforeAll(async () => {
  it = await openTestStore();
});
afterAll(() => it.close());
beforeEach(() => it.store.db.deleteFrom('alarms').execute());

function bench() {
  const { log, lines } = makeTestLog();
  const raise = (kind: AlarmKind, subject: string) =>
    raiseAlarm({ ids: systemIds, log }, it.store.db, { kind, subject });
  return { lines, raise };
}

const rows = () =>
  it.store.db
    .selectFrom('alarms')
    .select(['kind', 'subject', 'since', 'last_at', 'times', 'acknowledged_at', 'acknowledged_by'])
    .orderBy('subject')
    .execute();

const acknowledge = () =>
  it.store.db
    .updateTable('alarms')
    .set({ acknowledged_at: it.clock.now(), acknowledged_by: 'maria' })
    .execute();

test('an alarm is a row since a moment, and one line of error', async () => {
  const { lines, raise } = bench();
  await raise('duplicate_paid', 'payment-1');
  const now = it.clock.now();
  expect(await rows()).toEqual([
    {
      kind: 'duplicate_paid',
      subject: 'payment-1',
      since: now,
      last_at: now,
      times: 1,
      acknowledged_at: null,
      acknowledged_by: null,
    },
  ]);
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'error',
      event: 'alarm',
      alarm: 'duplicate_paid',
      subject: 'payment-1',
    }),
  ]);
});

test('the same alarm again is counted, and told once', async () => {
  const { lines, raise } = bench();
  const since = it.clock.now();
  for (let time = 0; time < 3; time += 1) {
    await raise('outbox_stuck', 'event-1');
    await it.advance(1_000);
  }
  expect(await rows()).toMatchObject([{ since, last_at: since + 2_000, times: 3 }]);
  expect(lines).toHaveLength(1);
  expect(await countOpenAlarms(it.store.db)).toBe(1);
});

test('another kind or another subject is another alarm', async () => {
  const { lines, raise } = bench();
  await raise('contradiction', 'payment-1');
  await raise('payment_in_review', 'payment-1');
  await raise('contradiction', 'payment-2');
  expect(await countOpenAlarms(it.store.db)).toBe(3);
  expect(lines).toHaveLength(3);
});

test('an alarm that was acknowledged is no longer counted, until it is raised again', async () => {
  const { lines, raise } = bench();
  await raise('maya_client_refused', 'client');
  await acknowledge();
  expect(await countOpenAlarms(it.store.db)).toBe(0);
  await raise('maya_client_refused', 'client');
  expect(await countOpenAlarms(it.store.db)).toBe(1);
  expect(await rows()).toMatchObject([{ times: 2, acknowledged_at: null, acknowledged_by: null }]);
  expect(lines, 'whoever is paged by log lines hears of it again').toHaveLength(2);
});

test('raised by many at once, it is one row and one line', async () => {
  const { lines, raise } = bench();
  await Promise.all(Array.from({ length: 20 }, () => raise('maya_configuration', 'create')));
  expect(await rows()).toMatchObject([{ times: 20 }]);
  expect(lines).toHaveLength(1);
});

test('without alarms there are none', async () => expect(await countOpenAlarms(it.store.db)).toBe(0));

test('an alarm raised in a transaction that fails leaves no row', async () => {
  const { log } = makeTestLog();
  const work = it.store.transaction(async (tx) => {
    await raiseAlarm({ ids: systemIds, log }, tx, { kind: 'contradiction', subject: 'payment-1' });
    throw new Error('halfway');
  });
  await expect(work).rejects.toThrow('halfway');
  expect(await rows()).toEqual([]);
});
