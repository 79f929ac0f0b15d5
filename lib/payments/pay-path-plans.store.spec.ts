import { CompiledQuery, createQueryId, type KyselyPlugin, type RootOperationNode, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { approved, FakeMaya, reset } from '#e2e/rig/fake-maya.ts';
import { onlyPayment } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { testEngine } from '#e2e/rig/test-store.ts';
import type { Db, Store } from '../db/store.ts';
import { findOrder, listOrders } from '../orders/order.ts';
import { newestUnsettled, sameTotalLately } from './earlier-payments.ts';
import { pay } from './pay.ts';
import { viewOrder } from './view-order.ts';

const maya = new FakeMaya();
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());

/** The store, and every statement that goes through it from now on. */
function watched(store: Store): { store: Store; statements: () => CompiledQuery[] } {
  const nodes: RootOperationNode[] = [];
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      nodes.push(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return {
    store: {
      ...store,
      db: store.db.withPlugin(plugin),
      transaction: (work) => store.transaction((tx) => work(tx.withPlugin(plugin))),
    },
    statements: () => {
      const executor = store.db.getExecutor();
      const compiled = nodes.map((node) => executor.compileQuery(node, createQueryId()));
      return [...new Map(compiled.map((query) => [query.sql, query])).values()];
    },
  };
}

/** Reads a table from end to end. PostgreSQL is asked for what it would do if it disliked that at any price: small tables are read whole. */
const WHOLE_TABLE = { sqlite: /^SCAN (?!CONSTANT ROW|json_each|held)/, postgres: /Seq Scan on/ }[testEngine];

async function planOf({ db }: Store, { sql: text, parameters }: CompiledQuery): Promise<string[]> {
  const explain = (on: Db, how: string) =>
    on.executeQuery<Record<string, string>>(CompiledQuery.raw(`${how} ${text}`, [...parameters]));
  if (testEngine === 'sqlite')
    return (await explain(db, 'explain query plan')).rows.map(({ detail }) => `${detail}`);
  return db.transaction().execute(async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx);
    return (await explain(tx, 'explain')).rows.map((row) => `${row['QUERY PLAN']}`);
  });
}

test('D15: no statement of a tap, its settling and its pages reads a table from end to end', async () => {
  const { store, statements } = watched(rig.deps.store);
  const deps = { ...rig.deps, store };
  const session = { ...(await makeSession(rig.deps)), customerId: 'customer-maria' };
  const order = await makeOrder(rig.deps, session);
  maya.script.execute.push(reset, approved);
  expect(await newestUnsettled(store.db, session)).toBeNull();
  expect(await sameTotalLately(store.db, session, order.id)).toBeNull();
  await drive(rig.test, (await pay(deps, session, order.id, order.version)).settled);
  await viewOrder(deps, session, order.id);
  await listOrders(store.db, session);
  await findOrder(store.db, order.id, session);
  expect((await onlyPayment(rig.deps, order.id)).state).toBe('approved');

  expect(statements().length).toBeGreaterThan(15);
  const scans: string[] = [];
  for (const statement of statements())
    for (const line of await planOf(rig.deps.store, statement))
      if (WHOLE_TABLE.test(line)) scans.push(`${line}: ${statement.sql}`);
  expect(scans).toEqual([]);
  const whole = sql`select * from payments where reason = ${'x'}`.compile(rig.deps.store.db);
  expect((await planOf(rig.deps.store, whole)).join()).toMatch(
    testEngine === 'sqlite' ? 'SCAN payments' : 'Seq Scan on payments',
  );
});
