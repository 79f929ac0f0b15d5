import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { approved, FakeMaya, reset } from '#e2e/rig/fake-maya.ts';
import { onlyPayment } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { listOrders } from '../orders/order.ts';
import { pay } from './pay.ts';
import { viewOrder } from './view-order.ts';

const maya = new FakeMaya();
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());

/** How SQLite would carry out a statement: `SEARCH … USING INDEX …`, or `SCAN …` where it reads a whole table. */
function planOf(database: DatabaseSync, statement: string): string[] {
  const plan = database.prepare(`explain query plan ${statement}`).all() as { detail: string }[];
  return plan.map(({ detail }) => detail);
}

test('D15: no statement of a tap, its settling and its pages reads a table from end to end', async () => {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  maya.script.execute.push(reset, approved);
  await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
  await viewOrder(rig.deps, session, order.id);
  await listOrders(rig.deps.store.db, session);
  expect((await onlyPayment(rig.deps, order.id)).state).toBe('approved');
  const [database] = prepare.mock.contexts as DatabaseSync[];
  const statements = [...new Set(prepare.mock.calls.map(([text]) => text))];
  prepare.mockRestore();
  if (!database) throw new Error('nothing was prepared');
  expect(statements.length).toBeGreaterThan(15);
  const scans = statements.flatMap((statement) =>
    planOf(database, statement)
      .filter((detail) => /^SCAN (?!CONSTANT ROW|json_each)/.test(detail))
      .map((detail) => `${detail}: ${statement}`),
  );
  expect(scans).toEqual([]);
  expect(planOf(database, 'select * from payments where reason = ?')).toEqual(['SCAN payments']);
});
