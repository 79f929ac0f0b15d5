import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { migrate } from '#lib/db/migrate.ts';
import { type Engine, nowMs, openStore, type Store } from '#lib/db/store.ts';
import { makeDatabase } from './postgres.ts';
import { TestClock } from './test-clock.ts';

/** The engine that this run of a `*.store.spec.ts` is for. */
export const testEngine = (process.env.TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite') satisfies Engine;

export type TestStore = {
  store: Store;
  url: string;
  clock: TestClock;
  /** Moves both clocks, the process's and the store's. */
  advance(ms: number): Promise<void>;
  /** Whether another connection of this store is at work, or in a transaction. */
  isBusy(): Promise<boolean>;
  close(): Promise<void>;
};

/**
 * A migrated store of its own for one test file, whose `now_ms()` is a {@link TestClock}.
 *
 * @param onDisk whether another process must be able to open it too
 */
export async function openTestStore({ onDisk = false } = {}): Promise<TestStore> {
  const clock = new TestClock();
  if (testEngine === 'sqlite') {
    const folder = onDisk ? mkdtempSync(join(tmpdir(), 'mini-app-test-')) : undefined;
    const url = folder ? `file:${join(folder, 'app.db')}` : 'file::memory:';
    const store = openStore(url, { now: () => clock.now() });
    await migrate(store);
    return {
      store,
      url,
      clock,
      advance: async (ms) => clock.advance(ms),
      // Statements of this engine are over before anybody can ask.
      isBusy: async () => {
        await store.db.selectNoFrom(nowMs.as('now')).execute();
        return false;
      },
      close: async () => {
        await store.close();
        if (folder) rmSync(folder, { recursive: true, force: true });
      },
    };
  }
  const database = await makeDatabase();
  const store = openStore(database.url);
  await migrate(store);
  await sql`create table test_clock (ms bigint not null)`.execute(store.db);
  await sql`insert into test_clock values (${clock.now()})`.execute(store.db);
  await sql`create or replace function now_ms() returns bigint language sql volatile
    as 'select ms from test_clock'`.execute(store.db);
  return {
    store,
    url: database.url,
    clock,
    advance: async (ms) => {
      await sql`update test_clock set ms = ms + ${ms}`.execute(store.db);
      clock.advance(ms);
    },
    isBusy: async () => {
      const { rows } = await sql<{ busy: boolean }>`select exists (select 1 from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle') as busy`.execute(
        store.db,
      );
      return rows[0]?.busy === true;
    },
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
}
