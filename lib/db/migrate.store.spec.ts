import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDatabase } from '#e2e/rig/postgres.ts';
import { testEngine } from '#e2e/rig/test-store.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { nowMs, openStore, type Store } from './store.ts';

const ALL = migrations.map(({ name }) => name);

/** An empty store that several processes can open. */
async function makeEmpty(): Promise<{ url: string; drop(): Promise<void> }> {
  if (testEngine === 'postgres') return makeDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'migrate-'));
  return { url: `file:${join(folder, 'app.db')}`, drop: async () => rmSync(folder, { recursive: true }) };
}

let place: { url: string; drop(): Promise<void> };
let store: Store;
beforeEach(async () => {
  place = await makeEmpty();
  store = openStore(place.url);
});
afterEach(async () => {
  await store.close();
  await place.drop();
});

const tables = async () =>
  (await store.db.introspection.getTables())
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('sqlite_'));

describe('an empty store', () => {
  test('lacks every migration, has all of them after one call, and a second call does nothing', async () => {
    expect(await pendingMigrations(store)).toEqual(ALL);
    expect(await tables()).toEqual([]);
    expect(await migrate(store)).toEqual(ALL);
    expect(await pendingMigrations(store)).toEqual([]);
    expect(await migrate(store)).toEqual([]);
    expect(await tables()).toEqual(
      expect.arrayContaining(['orders', 'payment_events', 'payments', 'sessions']),
    );
  });

  test('asking what is pending changes nothing', async () => {
    await pendingMigrations(store);
    expect(await tables()).toEqual([]);
  });

  test('tells the time of the wall clock, in whole milliseconds, once it is migrated', async () => {
    await migrate(store);
    const before = Date.now();
    const { now } = await store.db.selectNoFrom(nowMs.as('now')).executeTakeFirstOrThrow();
    expect(Number.isInteger(now)).toBe(true);
    expect(now).toBeGreaterThanOrEqual(before - 1);
    expect(now).toBeLessThanOrEqual(Date.now() + 1);
  });
});

describe('names', () => {
  test('are numbered in the order in which they are applied, and unique', () => {
    expect(ALL).toEqual([...ALL].sort());
    expect(new Set(ALL.map((name) => name.slice(0, 4))).size).toBe(ALL.length);
    for (const name of ALL) expect(name).toMatch(/^\d{4}-[a-z-]+$/);
  });
});

test('several processes that migrate at once apply each migration once between them', async () => {
  const fixture = new URL('./child.fixture.ts', import.meta.url);
  const children = [1, 2, 3].map(() => fork(fixture, ['migrate', place.url], { execArgv: [] }));
  await Promise.all(children.map((child) => once(child, 'message')));
  const answers = children.map(async (child) => {
    const answered = once(child, 'message');
    const ended = once(child, 'exit');
    child.send('go');
    const [applied] = await answered;
    expect(await ended).toEqual([0, null]);
    return applied as string[];
  });
  expect((await Promise.all(answers)).flat().sort()).toEqual(ALL);
  expect(await pendingMigrations(store)).toEqual([]);
}, 30_000);

test('D8: a migration that fails leaves nothing of itself and keeps what was applied before it', async () => {
  await sql`create table pickups (in_the_way integer)`.execute(store.db);
  await expect(migrate(store)).rejects.toThrow(/already exists/);
  expect(await pendingMigrations(store)).toEqual(ALL.slice(ALL.indexOf('0002-pickups')));
  await sql`drop table pickups`.execute(store.db);
  expect(await migrate(store)).toEqual(ALL.slice(ALL.indexOf('0002-pickups')));
  expect(await pendingMigrations(store)).toEqual([]);
});

test('D8: a store that knows migrations of a newer version is complete to this one', async () => {
  await migrate(store);
  await sql`insert into schema_migrations (name, applied_at) values ('9999-from-the-future', 0)`.execute(
    store.db,
  );
  expect(await pendingMigrations(store)).toEqual([]);
  expect(await migrate(store)).toEqual([]);
});

test('a store that cannot be asked is not taken for an empty one', async () => {
  const gone = openStore(place.url);
  await pendingMigrations(gone);
  await gone.close();
  await expect(pendingMigrations(gone)).rejects.toThrow();
});
