import { afterAll, beforeAll, expect, test } from 'vitest';
import { approved, FakeMaya, held } from '#e2e/rig/fake-maya.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { orderStatus } from './order-status.ts';
import { pay } from './pay.ts';

const maya = new FakeMaya();
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig(maya.fetch);
});
afterAll(() => rig.close());

test('C6: an order that was read a moment before a payment was opened does not offer Pay beside it', async () => {
  const session = await makeSession(rig.deps);
  const before = await makeOrder(rig.deps, session);
  const look = async () => {
    const { state, payable } = await orderStatus(rig.deps.store.db, before, rig.deps.clock.now());
    return { state, payable };
  };
  expect(await look()).toEqual({ state: 'open', payable: true });
  const execute = held(approved);
  maya.script.execute.push(execute.answer);
  const { settled } = await pay(rig.deps, session, before.id, before.version);
  await execute.arrived;
  expect(await look()).toEqual({ state: 'executing', payable: false });
  execute.release();
  await settled;
  expect(await look()).toEqual({ state: 'approved', payable: false });
});
