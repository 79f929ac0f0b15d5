import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { migrate } from './migrate.ts';
import { openSqlite, sqliteDialect } from './sqlite.ts';
import { openStore, type Store } from './store.ts';

type Things = { things: { id: number; name: string; extra?: string | null } };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
  path = join(folder, 'deep', 'folder', 'app.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Kysely over one connection that the test sees too. */
async function openThings() {
  const database = openSqlite(':memory:', () => 1_767_225_600_000.9);
  const db = new Kysely<Things>({ dialect: sqliteDialect(database) });
  await sql`create table things (id integer primary key, name text not null unique)`.execute(db);
  return { database, db, [Symbol.asyncDispose]: () => db.destroy() };
}

describe('a file', () => {
  test('is made with its folders, as WAL with synchronous=FULL and foreign keys', () => {
    const database = openSqlite(path, Date.now);
    const read = (pragma: string) => Object.values(database.prepare(`pragma ${pragma}`).get() ?? {})[0];
    expect([read('journal_mode'), read('synchronous'), read('foreign_keys'), read('busy_timeout')]).toEqual([
      'wal',
      2,
      1,
      5_000,
    ]);
    database.close();
    expect(existsSync(path)).toBe(true);
  });
});

describe('Kysely over Node’s SQLite', () => {
  test('reads what returns rows, whatever the statement is', async () => {
    await using open = await openThings();
    const { db } = open;
    const insert = db.insertInto('things').values({ id: 1, name: 'a' });
    expect(await insert.returning(['id', 'name']).execute()).toEqual([{ id: 1, name: 'a' }]);
    const update = db.updateTable('things').set({ name: 'b' }).where('id', '=', 1);
    expect(await update.returning('name').execute()).toEqual([{ name: 'b' }]);
    expect((await sql<{ name: string }>`pragma table_info(things)`.execute(db)).rows).toHaveLength(2);
    expect((await sql`with t as (select 7 as seven) select * from t`.execute(db)).rows).toEqual([
      { seven: 7 },
    ]);
    expect(await db.deleteFrom('things').returning('id').execute()).toEqual([{ id: 1 }]);
    expect(await db.selectFrom('things').selectAll().execute()).toEqual([]);
  });

  test('counts what returns none', async () => {
    await using open = await openThings();
    const { db } = open;
    const inserted = await db
      .insertInto('things')
      .values([
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ])
      .executeTakeFirst();
    expect(inserted.numInsertedOrUpdatedRows).toBe(2n);
    const updated = db.updateTable('things').set({ name: 'c' });
    expect((await updated.where('id', '=', 1).executeTakeFirst()).numUpdatedRows).toBe(1n);
    expect((await updated.where('id', '=', 9).executeTakeFirst()).numUpdatedRows).toBe(0n);
    expect((await db.deleteFrom('things').executeTakeFirst()).numDeletedRows).toBe(2n);
  });

  test('prepares a statement once, and still sees a column that came later', async () => {
    await using open = await openThings();
    const { db, database } = open;
    const prepare = vi.spyOn(database, 'prepare');
    const all = () => db.selectFrom('things').selectAll().execute();
    for (let id = 1; id <= 20; id += 1)
      await db
        .insertInto('things')
        .values({ id, name: `n${id}` })
        .execute();
    for (let turn = 0; turn < 20; turn += 1) expect(await all()).toHaveLength(20);
    expect(prepare).toHaveBeenCalledTimes(2);
    await sql`alter table things add column extra text`.execute(db);
    expect((await all())[0]).toEqual({ id: 1, name: 'n1', extra: null });
  });

  test('keeps working when there are more statements than it keeps', async () => {
    await using open = await openThings();
    const ask = async (number: number) =>
      (await sql<{ n: number }>`select ${sql.lit(number)} as n`.execute(open.db)).rows[0]?.n;
    for (let number = 0; number < 600; number += 1) expect(await ask(number)).toBe(number);
    expect(await ask(0)).toBe(0);
    expect(await ask(599)).toBe(599);
  });

  test('has the store’s clock in whole milliseconds', async () => {
    await using open = await openThings();
    expect((await sql`select now_ms() as now`.execute(open.db)).rows).toEqual([{ now: 1_767_225_600_000 }]);
  });
});

describe('D5, D11: two connections on one file', () => {
  /** A store whose writer does not wait for a lock by itself, and another connection that can hold the lock. */
  async function openTwo(): Promise<{ store: Store; other: DatabaseSync }> {
    const store = openStore(`file:${path}`);
    await migrate(store);
    await sql`pragma busy_timeout = 0`.execute(store.db);
    return { store, other: new DatabaseSync(path) };
  }
  const write = (store: Store, id: string) =>
    store.transaction((tx) =>
      tx
        .insertInto('audit')
        .values({ id, at: 0, actor: 'a', action: 'a', subject: 's', evidence: '' })
        .execute(),
    );
  const count = async (store: Store) => (await store.db.selectFrom('audit').select('id').execute()).length;

  test('a transaction that finds the lock held is tried again until the lock is let go', async () => {
    const { store, other } = await openTwo();
    other.exec('begin immediate');
    const begun = vi.spyOn(globalThis, 'setTimeout');
    const written = write(store, 'a');
    await vi.waitFor(() => expect(begun).toHaveBeenCalled());
    expect(await count(store)).toBe(0);
    other.exec('commit');
    await written;
    expect(await count(store)).toBe(1);
    other.close();
    await store.close();
  });

  test('and given up where it is not, with nothing half done', async () => {
    const { store, other } = await openTwo();
    other.exec('begin immediate');
    await expect(write(store, 'a')).rejects.toMatchObject({ code: 'ERR_SQLITE_ERROR', errcode: 5 });
    other.exec('commit');
    expect(await count(store)).toBe(0);
    await write(store, 'b');
    expect(await count(store)).toBe(1);
    other.close();
    await store.close();
  });

  test('a transaction holds the lock from its start, before its first statement has written', async () => {
    const { store, other } = await openTwo();
    await store.transaction(async (tx) => {
      await tx.selectFrom('audit').select('id').execute();
      expect(() => other.exec('begin immediate')).toThrow(/locked/);
    });
    other.exec('begin immediate; rollback');
    other.close();
    await store.close();
  });

  test('readers do not wait for a writer', async () => {
    const { store, other } = await openTwo();
    await write(store, 'a');
    other.exec('begin immediate');
    other.exec('delete from audit');
    expect(await count(store)).toBe(1);
    other.exec('rollback');
    other.close();
    await store.close();
  });
});

test('D7: of what two processes write to one file at once, nothing is lost', async () => {
  const store = openStore(`file:${path}`);
  await migrate(store);
  const fixture = new URL('./child.fixture.ts', import.meta.url);
  const children = ['one', 'two'].map((name) =>
    fork(fixture, ['insert', `file:${path}`, name, '200'], { execArgv: [] }),
  );
  await Promise.all(children.map((child) => once(child, 'message')));
  const answers = children.map(async (child) => {
    const answered = once(child, 'message');
    const ended = once(child, 'exit');
    child.send('go');
    const [stored] = await answered;
    expect(await ended).toEqual([0, null]);
    return stored as string[];
  });
  const answered = (await Promise.all(answers)).flat();
  expect(answered).toHaveLength(400);
  const rows = await store.db.selectFrom('audit').select('id').execute();
  expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(answered));
  expect((await sql`pragma integrity_check`.execute(store.db)).rows).toEqual([{ integrity_check: 'ok' }]);
  await store.close();
}, 30_000);
