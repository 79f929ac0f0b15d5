import { afterAll, beforeAll, expect, test } from 'vitest';
import { drive, driveUntil } from '#e2e/rig/drive.ts';
import { FakeMaya, held } from '#e2e/rig/fake-maya.ts';
import { executeCount, onlyPayment } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { pay } from './pay.ts';
import { settleOnce } from './settle.ts';

const maya = new FakeMaya();
let rig: Rig;
/** A second process on the same store. */
let other: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
  other = await makeRig((url, init) => maya.fetch(url, init), { test: rig.test });
});
afterAll(() => rig.close());

test('C38: an execute that takes 30 s is repeated by nobody meanwhile, and its answer counts', async () => {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  const slow = held((call, fake) => fake.result(call, 'APPROVED'));
  maya.script.execute.push(slow.answer);
  const { tap, settled } = await pay(rig.deps, session, order.id, order.version);
  expect(tap).toEqual({ kind: 'following' });
  await slow.arrived;
  const { id } = await onlyPayment(rig.deps, order.id);
  const sent = rig.test.clock.now();
  const looks = new Set<string>();
  await driveUntil(
    rig.test,
    async () => {
      looks.add((await settleOnce(other.deps, id, { ignoreDue: true })).kind);
      return rig.test.clock.now() - sent >= 30_000;
    },
    Boolean,
    1_000,
  );
  expect([...looks]).toEqual(['busy']);
  expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'executing' });
  slow.release();
  await drive(rig.test, settled);
  expect(await onlyPayment(rig.deps, order.id)).toMatchObject({
    state: 'approved',
    confirmed_by: 'provider',
  });
  expect(await executeCount(rig.deps, id)).toBe(1);
  expect(maya.named('execute')).toHaveLength(1);
});
