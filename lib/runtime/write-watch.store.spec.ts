import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestStore, type TestStore, testEngine } from '#e2e/rig/test-store.ts';
import { systemClock } from '../base/clock.ts';
import { openStore, type Store } from '../db/store.ts';
import { WriteWatch } from './write-watch.ts';

let place: TestStore;
let store: Store;
let clock: ReturnType<typeof makeClock>;
let watch: WriteWatch;

/** A clock that a test sets. */
function makeClock() {
  const made = { ...systemClock, at: 0, monotonic: () => made.at };
  return made;
}

beforeEach(async () => {
  place = await openTestStore({ onDisk: true });
  clock = makeClock();
  watch = new WriteWatch(clock);
  store = openStore(place.url, { now: () => clock.at, onRefusedWrite: () => watch.refused() });
});
afterEach(async () => {
  await store.close();
  await place.close();
});

/** As after a fault of the disk, or on a replica: everything can be read. */
async function setReadOnly(on: boolean): Promise<void> {
  if (testEngine === 'sqlite') await sql.raw(`pragma query_only = ${on ? 'on' : 'off'}`).execute(store.db);
  else {
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(place.store.db);
    const name = sql.id(rows[0]?.name ?? '');
    await sql`alter database ${name} set default_transaction_read_only = ${sql.lit(on ? 'on' : 'off')}`.execute(
      place.store.db,
    );
    // Connections that are open keep what they began with.
    await store.close();
    store = openStore(place.url, { onRefusedWrite: () => watch.refused() });
  }
}

const writings = async () => (await store.db.selectFrom('write_checks').selectAll().execute()).length;

describe('D5: whether the store takes writes', () => {
  test('it is tried with a write that stays, and not again for a while, however often it is asked', async () => {
    expect(await writings()).toBe(0);
    expect(await watch.takesWrites(store)).toBe(true);
    expect(await writings()).toBe(1);
    await store.db.deleteFrom('write_checks').execute();
    for (clock.at = 0; clock.at < 5_000; clock.at += 100) expect(await watch.takesWrites(store)).toBe(true);
    expect(await writings()).toBe(0);
    clock.at = 5_000;
    expect(await watch.takesWrites(store)).toBe(true);
    expect(await writings()).toBe(1);
  });

  test('a store that can only be read is noticed with nobody writing, and so is its recovery', async () => {
    expect(await watch.takesWrites(store)).toBe(true);
    await setReadOnly(true);
    clock.at = 5_000;
    await expect(watch.takesWrites(store)).rejects.toThrow(/read-?only/);
    clock.at = 9_999;
    expect(await watch.takesWrites(store)).toBe(false);
    await setReadOnly(false);
    clock.at = 10_000;
    expect(await watch.takesWrites(store)).toBe(true);
  });

  test('a refused write of anybody counts, also of one who wrote after the last try', async () => {
    expect(await watch.takesWrites(store)).toBe(true);
    await setReadOnly(true);
    clock.at = 1_000;
    const write = store.transaction((tx) => tx.deleteFrom('write_checks').execute());
    await expect(write).rejects.toThrow(/read-?only/);
    expect(await watch.takesWrites(store)).toBe(false);
    await setReadOnly(false);
    clock.at = 5_999;
    expect(await watch.takesWrites(store)).toBe(false);
    clock.at = 6_000;
    expect(await watch.takesWrites(store)).toBe(true);
  });

  test('a write that fails for what it says is no fault of the store', async () => {
    const twice = { id: 1, written_at: 0 };
    await expect(store.db.insertInto('write_checks').values([twice, twice]).execute()).rejects.toThrow();
    expect(await watch.takesWrites(store)).toBe(true);
  });

  test('a try that fails for whatever reason is not made again at once', async () => {
    await sql`drop table write_checks`.execute(store.db);
    await expect(watch.takesWrites(store)).rejects.toThrow('write_checks');
    clock.at = 4_999;
    expect(await watch.takesWrites(store)).toBe(false);
    clock.at = 5_000;
    await expect(watch.takesWrites(store)).rejects.toThrow('write_checks');
  });

  if (testEngine === 'sqlite')
    test('on a full disk that has room for the small write, the large ones have the say', async () => {
      expect(await watch.takesWrites(store)).toBe(true);
      await sql.raw('pragma max_page_count = 1').execute(store.db);
      clock.at = 5_000;
      expect(await watch.takesWrites(store)).toBe(true);
      const name = 'x'.repeat(100_000);
      const large = sql`insert into schema_migrations (name, applied_at) values (${name}, 0)`;
      await expect(large.execute(store.db)).rejects.toThrow('full');
      expect(await watch.takesWrites(store)).toBe(false);
    });
});
