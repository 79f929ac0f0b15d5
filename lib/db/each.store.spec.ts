import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestStore, type TestStore, testEngine } from '#e2e/rig/test-store.ts';
import { engineOf, insertEach, isOneOf, updateEach } from './each.ts';
import type { Db } from './store.ts';

let it: TestStore;
beforeAll(async () => {
  it = await openTestStore();
});
afterAll(() => it.close());
beforeEach(() => it.store.db.deleteFrom('payment_events').execute());

const event = (number: number, key = `key-${number}`, data = '{}') => ({
  payment_id: `payment-${number % 7}`,
  number,
  key,
  kind: 'callback_said',
  data,
  recorded_at: 1_763_798_400_000 + number,
  recorded_by: 'test',
});

const rows = () => it.store.db.selectFrom('payment_events').selectAll().orderBy('number').execute();

test('an engine is known by its connection, in a transaction too', async () => {
  expect(engineOf(it.store.db)).toBe(testEngine);
  expect(await it.store.transaction(async (tx) => engineOf(tx))).toBe(testEngine);
});

test('also that of a connection from another copy of the driver, as Next has several in one process', () => {
  const { supportsTransactionalDdl } = it.store.db.getExecutor().adapter;
  const other = { getExecutor: () => ({ adapter: { supportsTransactionalDdl } }) };
  expect(engineOf(other as unknown as Db)).toBe(testEngine);
});

describe('insert', () => {
  test('no row, one row, or a thousand', async () => {
    for (const count of [0, 1, 1_000]) {
      await it.store.db.deleteFrom('payment_events').execute();
      const made = Array.from({ length: count }, (_, index) => event(index));
      await it.store.transaction((tx) => insertEach(tx, 'payment_events', made));
      expect(await rows()).toEqual(made);
    }
  });

  test.each([
    ['quotes and backslashes', `'"\\ \\" '' \\u0041`],
    ['JSON', JSON.stringify({ a: ['b', null, { c: 'd "e" \\ \u0000' }], n: 1e21 })],
    ['what looks like a number', '0012.50'],
    ['what looks like nothing', 'null'],
    ['letters of everywhere', 'ñ ₱ 漢字 😀 \u2028'],
    ['nothing', ''],
  ])('%s, as it is', async (_name, text) => {
    await it.store.transaction((tx) => insertEach(tx, 'payment_events', [event(1, text, text)]));
    expect(await rows()).toEqual([event(1, text, text)]);
  });

  test('one that is refused refuses all of them', async () => {
    const twice = [event(1), event(2), event(8, 'other'), { ...event(15), number: 8 }];
    await expect(it.store.transaction((tx) => insertEach(tx, 'payment_events', twice))).rejects.toThrow();
    expect(await rows()).toEqual([]);
  });

  test('columns that are not named keep their defaults', async () => {
    const pickup = { order_id: 'order-1', pickup_code: 'ABC', event_number: 3, created_at: 4 };
    await it.store.transaction((tx) => insertEach(tx, 'pickups', [pickup]));
    const stored = await it.store.db.selectFrom('pickups').selectAll().execute();
    expect(stored).toEqual([{ ...pickup, withdrawn: 0 }]);
  });
});

describe('update', () => {
  const task = (id: string) => ({ id, kind: 'k', payment_id: id, opened_at: 1 });

  test('each row to its own values, nothing among them, and no other row', async () => {
    await it.store.transaction(async (tx) => {
      await insertEach(tx, 'tasks', ['a', 'b', 'c'].map(task));
      await updateEach(tx, 'tasks', 'id', [
        { id: 'a', closed_at: 5, evidence: "it's" },
        { id: 'b', closed_at: 6, evidence: null },
        { id: 'nobody', closed_at: 7, evidence: 'x' },
      ]);
      await updateEach(tx, 'tasks', 'id', []);
    });
    const open = { closed_at: null, closed_by: null, evidence: null };
    expect(await it.store.db.selectFrom('tasks').selectAll().orderBy('id').execute()).toEqual([
      { ...task('a'), ...open, closed_at: 5, evidence: "it's" },
      { ...task('b'), ...open, closed_at: 6 },
      { ...task('c'), ...open },
    ]);
  });
});

test('one of several keys: those, also none, and of more than a statement takes parameters', async () => {
  const made = Array.from({ length: 10 }, (_, index) => event(index));
  await it.store.transaction((tx) => insertEach(tx, 'payment_events', made));
  const found = async (keys: string[]) =>
    (
      await it.store.db
        .selectFrom('payment_events')
        .select('key')
        .where(isOneOf(it.store.db, 'key', keys))
        .execute()
    )
      .map(({ key }) => key)
      .sort();
  expect(await found(['key-3', 'key-8', "o'hara", 'key-3'])).toEqual(['key-3', 'key-8']);
  expect(await found([])).toEqual([]);
  expect(await found(Array.from({ length: 70_000 }, (_, index) => `key-${index}`))).toHaveLength(10);
});
