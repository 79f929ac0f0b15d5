import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTcpProxy } from '#e2e/chaos/tcp-proxy.ts';
import { openTestStore, type TestStore, testEngine } from '#e2e/rig/test-store.ts';
import { isRollbackToRepeat, isUniqueViolation, nowMs, nowPlus, openStore, type Tx } from './store.ts';

let it: TestStore;
beforeAll(async () => {
  it = await openTestStore();
});
afterAll(() => it.close());
beforeEach(async () => {
  await it.store.db.deleteFrom('audit').execute();
  await it.store.db.deleteFrom('orders').execute();
});

const write = (tx: Tx, id: string) =>
  tx
    .insertInto('audit')
    .values({ id, at: 1_767_225_600_000, actor: 'a', action: 'a', subject: 's', evidence: '' })
    .execute();

const stored = async () => (await it.store.db.selectFrom('audit').select('id').execute()).map(({ id }) => id);

const withCode = (code: string, errcode?: number) => Object.assign(new Error('x'), { code, errcode });

/** Rolled back by the store, so that doing all of it again may help: codes of PostgreSQL, then of SQLite. */
const REPEATED: [string, Error][] = [
  ['a serialization failure', withCode('40001')],
  ['a deadlock', withCode('40P01')],
  ['SQLITE_BUSY', withCode('ERR_SQLITE_ERROR', 5)],
  ['SQLITE_BUSY_SNAPSHOT', withCode('ERR_SQLITE_ERROR', 517)],
  ['SQLITE_LOCKED', withCode('ERR_SQLITE_ERROR', 6)],
];

const NOT_REPEATED: [string, unknown][] = [
  ['a unique index', withCode('23505')],
  ['a statement that took too long', withCode('57014')],
  ['D4: a connection that broke, at a commit perhaps', withCode('ECONNRESET')],
  ['D4: a server that went away', withCode('57P01')],
  ['D5: a full disk', withCode('ERR_SQLITE_ERROR', 13)],
  ['D5: a read-only file', withCode('ERR_SQLITE_ERROR', 8)],
  ['SQLite’s unique index', withCode('ERR_SQLITE_ERROR', 2067)],
  ['a number that looks like busy, of something else', withCode('OTHER', 5)],
  ['an error of ours', new Error('x')],
  ['what is no error', '40001'],
];

describe('a transaction', () => {
  test('keeps all of its work, and answers with it', async () => {
    const answer = await it.store.transaction(async (tx) => {
      await write(tx, 'a');
      await write(tx, 'b');
      return 7;
    });
    expect(answer).toBe(7);
    expect(await stored()).toEqual(['a', 'b']);
  });

  test('keeps nothing where its work fails', async () => {
    const work = it.store.transaction(async (tx) => {
      await write(tx, 'a');
      throw new Error('halfway');
    });
    await expect(work).rejects.toThrow('halfway');
    expect(await stored()).toEqual([]);
  });

  test.each(REPEATED)('D11: is done again from its start after %s', async (_, error) => {
    let turns = 0;
    await it.store.transaction(async (tx) => {
      turns += 1;
      await write(tx, `turn-${turns}`);
      if (turns < 3) throw error;
    });
    expect(await stored()).toEqual(['turn-3']);
  });

  test('D11: is given up after six turns', async () => {
    let turns = 0;
    const work = it.store.transaction(async () => {
      turns += 1;
      throw withCode('40001');
    });
    await expect(work).rejects.toMatchObject({ code: '40001' });
    expect(turns).toBe(6);
  });

  test.each(NOT_REPEATED)('is not done again after %s', async (_, error) => {
    let turns = 0;
    const work = it.store.transaction(async () => {
      turns += 1;
      throw error;
    });
    await expect(work).rejects.toBe(error);
    expect(turns).toBe(1);
  });

  test('what is repeated is decided by code alone', () => {
    for (const [name, error] of REPEATED) expect(isRollbackToRepeat(error), name).toBe(true);
    for (const [name, error] of NOT_REPEATED) expect(isRollbackToRepeat(error), name).toBe(false);
  });
});

describe('a unique index', () => {
  const order = (id: string, cart_version = 1) => ({
    id,
    session_id: 's',
    cart_version,
    state: 'open' as const,
    total_centavos: 999_999_999_999,
    lines: '[]',
    expires_at: 1_767_225_600_000,
    created_at: nowMs,
    updated_at: nowPlus(1_500.7),
  });
  const insert = (...orders: ReturnType<typeof order>[]) =>
    it.store.db.insertInto('orders').values(orders).execute();
  const refusalOf = (work: Promise<unknown>) =>
    work.then(
      () => 'taken',
      (error: unknown) => (isUniqueViolation(error) ? 'unique' : 'other'),
    );

  test('refuses a second row, by primary key or by a partial index, and is told from other refusals', async () => {
    await insert(order('a'));
    expect(await refusalOf(insert(order('a', 2)))).toBe('unique');
    expect(await refusalOf(insert(order('b')))).toBe('unique');
    expect(await refusalOf(insert({ ...order('c', 3), lines: null as never }))).toBe('other');
    expect(await refusalOf(sql`select nothing from nowhere`.execute(it.store.db))).toBe('other');
    expect(await refusalOf(insert(order('d', 4)))).toBe('taken');
    await it.store.db.updateTable('orders').set({ state: 'cancelled' }).execute();
    expect(await refusalOf(insert(order('b')))).toBe('taken');
    expect(isUniqueViolation('23505')).toBe(false);
  });

  test('C3: lets one of 50 through that come at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, at) => refusalOf(insert(order(`o-${at}`)))),
    );
    expect(results.filter((result) => result === 'taken')).toHaveLength(1);
    expect(results.filter((result) => result === 'unique')).toHaveLength(49);
  });

  test('C3: of 50 conditional updates that come at once, one wins', async () => {
    await insert(order('a'));
    const claim = (payment: string) =>
      it.store.db
        .updateTable('orders')
        .set({ claim: payment })
        .where('id', '=', 'a')
        .where('claim', 'is', null)
        .returning('claim')
        .execute();
    const won = (await Promise.all(Array.from({ length: 50 }, (_, at) => claim(`p-${at}`)))).flat();
    expect(won).toHaveLength(1);
    expect(await it.store.db.selectFrom('orders').select('claim').execute()).toEqual(won);
  });

  test('money and times come back as the numbers they were', async () => {
    await insert(order('a'));
    const row = await it.store.db.selectFrom('orders').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ total_centavos: 999_999_999_999, expires_at: 1_767_225_600_000, version: 1 });
    expect(row.updated_at - row.created_at).toBe(1_500);
    expect(row.created_at).toBe(it.clock.now());
  });
});

if (testEngine === 'postgres')
  describe('on PostgreSQL', () => {
    test('D11: a deadlock is nobody’s end: both transactions are done', async () => {
      await it.store.transaction(async (tx) => {
        await write(tx, 'x');
        await write(tx, 'y');
      });
      const first = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const both = Promise.all(first.map(({ promise }) => promise));
      let turns = 0;
      const touch = (number: number, ids: string[]) =>
        it.store.transaction(async (tx) => {
          turns += 1;
          for (const id of ids) {
            await tx
              .updateTable('audit')
              .set({ actor: `${number}` })
              .where('id', '=', id)
              .execute();
            first[number]?.resolve();
            await both;
          }
        });
      await Promise.all([touch(0, ['x', 'y']), touch(1, ['y', 'x'])]);
      // A starved server may find one in the way of the other once more.
      expect(turns).toBeGreaterThanOrEqual(3);
      const actors = await it.store.db.selectFrom('audit').select('actor').execute();
      expect(new Set(actors.map(({ actor }) => actor)).size).toBe(1);
    }, 15_000);

    test.each(['between', 'within'])(
      'D3: a connection that is cut %s statements fails its transaction, not the process',
      async (moment) => {
        const uncaught: unknown[] = [];
        const hear = (error: unknown) => uncaught.push(error);
        process.on('uncaughtException', hear);
        const store = openStore(it.url);
        const kill = (pid: number) => sql`select pg_terminate_backend(${pid}, 5000)`.execute(it.store.db);
        const work = store.transaction(async (tx) => {
          await write(tx, 'lost');
          const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
          const pid = rows[0]?.pid ?? 0;
          if (moment === 'between') await kill(pid);
          else await Promise.all([sql`select pg_sleep(20)`.execute(tx), kill(pid)]);
          await write(tx, 'never');
        });
        await expect(work).rejects.toThrow(/connection|terminat|ECONNRESET/i);
        await store.transaction((tx) => write(tx, 'next'));
        expect(await stored()).toEqual(['next']);
        await store.close();
        process.off('uncaughtException', hear);
        expect(uncaught).toEqual([]);
      },
    );

    test('D3: a line that went silent is given up, and the next statement takes another one', async () => {
      const { hostname, port } = new URL(it.url);
      const proxy = await startTcpProxy({ host: hostname, port: Number(port || 5432) });
      const url = new URL(it.url);
      url.port = String(proxy.port);
      const store = openStore(url.href, { silenceMs: 300 });
      await store.transaction((tx) => write(tx, 'before'));
      proxy.setMood('silent');
      await expect(store.transaction((tx) => write(tx, 'lost'))).rejects.toThrow(/silent/);
      proxy.setMood('open');
      await store.transaction((tx) => write(tx, 'after'));
      expect(await stored()).toEqual(['before', 'after']);
      await store.close();
      await proxy.close();
    });
  });
