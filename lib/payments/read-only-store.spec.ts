import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive, driveUntil } from '#e2e/rig/drive.ts';
import { FakeMaya, held } from '#e2e/rig/fake-maya.ts';
import { onlyPayment, orderRow, paymentsOf } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { pay } from './pay.ts';

let maya: FakeMaya;
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

/** As on a disk that an operating system made read-only after a fault: reads work, writes do not. */
const writable = (on: boolean) =>
  sql.raw(`pragma query_only = ${on ? 'off' : 'on'}`).execute(rig.deps.store.db);

async function shopper() {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  return { order, tap: () => pay(rig.deps, session, order.id, order.version) };
}

describe('D5: the store takes no writes', () => {
  test('at the tap: nothing is sent and nothing half-written; once it does, it is paid', async () => {
    const { order, tap } = await shopper();
    await writable(false);
    await expect(tap()).rejects.toThrow('readonly');
    expect(maya.named('create')).toEqual([]);
    expect(await paymentsOf(rig.deps, order.id)).toEqual([]);
    expect((await orderRow(rig.deps, order.id)).claim).toBeNull();
    await writable(true);
    await drive(rig.test, (await tap()).settled);
    expect((await onlyPayment(rig.deps, order.id)).state).toBe('approved');
  });

  test('between create and execute: nothing is executed before it is on record', async () => {
    const { order, tap } = await shopper();
    const create = held((call) => maya.well(call));
    maya.script.create.push(create.answer);
    const { settled } = await tap();
    await create.arrived;
    await writable(false);
    create.release();
    const began = rig.test.clock.now();
    await driveUntil(rig.test, () => rig.test.clock.now() - began > 3_000);
    expect(maya.named('execute')).toEqual([]);
    await writable(true);
    await drive(rig.test, settled);
    expect((await onlyPayment(rig.deps, order.id)).state).toBe('approved');
    expect(maya.named('execute')).toHaveLength(1);
  });

  test('after the execute: its answer is kept in memory and recorded once it takes writes again', async () => {
    const { order, tap } = await shopper();
    const execute = held((call, fake) => fake.result(call, 'APPROVED'));
    maya.script.execute.push(execute.answer);
    const { settled } = await tap();
    await execute.arrived;
    await writable(false);
    execute.release();
    const began = rig.test.clock.now();
    await driveUntil(rig.test, () => rig.test.clock.now() - began > 3_000);
    expect((await onlyPayment(rig.deps, order.id)).state).toBe('executing');
    await writable(true);
    await drive(rig.test, settled);
    expect((await onlyPayment(rig.deps, order.id)).state).toBe('approved');
    expect(maya.named('execute')).toHaveLength(1);
  });
});
