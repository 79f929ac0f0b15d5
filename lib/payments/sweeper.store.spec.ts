import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { drive, driveUntil } from '#e2e/rig/drive.ts';
import { FakeMaya, hang, reset } from '#e2e/rig/fake-maya.ts';
import { onlyPayment, orderRow } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import type { OrderEvent } from '../orders/outbox.ts';
import { openPayment } from './open-payment.ts';
import { pay } from './pay.ts';
import { sweep } from './sweeper.ts';

let maya: FakeMaya;
let rig: Rig;

beforeEach(() => {
  maya = new FakeMaya();
});
beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());

/** A process that starts now on the same store. */
const start = async () => {
  const process = await makeRig((url, init) => maya.fetch(url, init), { test: rig.test });
  const told: OrderEvent[] = [];
  process.deps.consume = async (events) => {
    told.push(...events);
  };
  const sweeping = sweep(process.deps, process.deps.consume);
  return {
    told,
    stop: async () => {
      process.deps.stop.abort();
      await drive(rig.test, sweeping);
    },
  };
};

test('what a killed process left is final within seconds of the next start, and fulfilled', async () => {
  const session = await makeSession(rig.deps);
  const executing = await makeOrder(rig.deps, session);
  maya.script.execute.push(reset);
  const dying = {
    ...rig.deps,
    reach: (point: string) => (point === 'execute.answered' ? new Promise<void>(() => {}) : undefined),
  };
  void pay(dying, session, executing.id, executing.version);
  await driveUntil(rig.test, () => maya.named('execute').length, Boolean, 10);
  const opened = await makeOrder(rig.deps, session);
  await openPayment(rig.deps, {
    order: opened,
    version: opened.version,
    sessionRow: session.row,
    payInMs: 45_000,
  });
  // The dead process renews nothing.
  await rig.deps.store.db.updateTable('payments').set({ lease_until: 0, lease_by: 'dead' }).execute();

  const began = rig.test.clock.now();
  const next = await start();
  await driveUntil(
    rig.test,
    () => onlyPayment(rig.deps, executing.id),
    ({ state }) => state === 'approved',
  );
  await driveUntil(
    rig.test,
    () => onlyPayment(rig.deps, opened.id),
    ({ state }) => state === 'failed',
  );
  await driveUntil(rig.test, () => next.told.length);
  expect(rig.test.clock.now() - began).toBeLessThanOrEqual(10_000);
  expect(next.told.map(({ kind, orderId }) => [kind, orderId])).toEqual([['order.paid', executing.id]]);
  await next.stop();
});

test('an order that nobody paid expires', async () => {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  const next = await start();
  await driveUntil(
    rig.test,
    () => orderRow(rig.deps, order.id),
    ({ state }) => state === 'expired',
    30_000,
  );
  await next.stop();
});

test('C40: after an outage at most eight repeats are on the wire at once, the oldest first', async () => {
  const session = await makeSession(rig.deps);
  const ids: string[] = [];
  for (let number = 0; number < 12; number += 1) {
    const order = await makeOrder(rig.deps, session);
    const payer = await makeSession(rig.deps);
    await rig.deps.store.db
      .updateTable('orders')
      .set({ session_id: payer.row })
      .where('id', '=', order.id)
      .execute();
    maya.script.execute.push(reset);
    const dying = {
      ...rig.deps,
      reach: (point: string) => (point === 'execute.answered' ? new Promise<void>(() => {}) : undefined),
    };
    void pay(dying, payer, order.id, order.version);
    await driveUntil(
      rig.test,
      () => maya.named('execute').length,
      (count) => count > number,
      10,
    );
    ids.push((await onlyPayment(rig.deps, order.id)).provider_id ?? '');
  }
  await rig.deps.store.db
    .updateTable('payments')
    .set({ lease_until: 0, lease_by: 'dead' })
    .where('state', '=', 'executing')
    .execute();
  const before = maya.named('execute').length;
  maya.script.execute.push(...Array.from({ length: 12 }, () => hang));
  const next = await start();
  await driveUntil(
    rig.test,
    () => maya.named('execute').length - before,
    (count) => count >= 8,
    10,
  );
  for (let more = 0; more < 20; more += 1) await driveUntil(rig.test, () => true);
  const asked = maya.named('execute').slice(before);
  expect(asked.map(({ id }) => id).sort()).toEqual(ids.slice(0, 8).sort());
  await next.stop();
});
