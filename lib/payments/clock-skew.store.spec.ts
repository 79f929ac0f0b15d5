import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { code, FakeMaya, held } from '#e2e/rig/fake-maya.ts';
import { onlyPayment } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { TestClock } from '#e2e/rig/test-clock.ts';
import { pay } from './pay.ts';
import { settleOnce } from './settle.ts';

let maya: FakeMaya;
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

/** A process on the same store whose own clock is wrong by so much. */
async function skewed(ms: number) {
  const { deps } = await makeRig((url, init) => maya.fetch(url, init), { test: rig.test });
  const clock = new TestClock(rig.test.clock.now() + ms);
  return { ...deps, clock, maya: { ...deps.maya, clock } };
}

const MINUTES = 60_000;

describe.each([10 * MINUTES, -10 * MINUTES])('A16: a process whose clock is wrong by %i ms', (ms) => {
  test('pays, once', async () => {
    const deps = await skewed(ms);
    const session = await makeSession(rig.deps, { expiresInMs: 8 * MINUTES });
    const order = await makeOrder(rig.deps, session);
    await (await pay(deps, session, order.id, order.version)).settled;
    expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'approved' });
    expect(maya.named('execute')).toHaveLength(1);
    // A clock ahead takes a good token for an old one; one behind finds out by a 401.
    expect(maya.named('tokens')).toHaveLength(ms > 0 ? 1 : 0);
  });

  test('takes no lease that lives, and each that has lapsed: the store’s clock says which', async () => {
    const deps = await skewed(ms);
    const session = await makeSession(rig.deps, { expiresInMs: 60 * MINUTES });
    const order = await makeOrder(rig.deps, session);
    const execute = held(code(400, 'PY0105'));
    maya.script.execute.push(execute.answer);
    const { settled } = await pay(rig.deps, session, order.id, order.version);
    await execute.arrived;
    const { id } = await onlyPayment(rig.deps, order.id);
    expect(await settleOnce(deps, id, { ignoreDue: true })).toEqual({ kind: 'busy' });
    await rig.deps.store.db
      .updateTable('payments')
      .set({ lease_until: rig.test.clock.now() - 1 })
      .where('id', '=', id)
      .execute();
    await settleOnce(deps, id, { ignoreDue: true });
    expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'approved' });
    execute.release();
    await drive(rig.test, settled);
    expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'approved' });
  });
});

test('A16: a token that only a clock behind takes for good: Maya says 401, it is renewed, the same id is executed', async () => {
  const deps = await skewed(-10 * MINUTES);
  const session = await makeSession(rig.deps, { expiresInMs: -1 * MINUTES });
  const order = await makeOrder(rig.deps, session);
  maya.script.execute.push(code(401, 'invalid_token'));
  await (await pay(deps, session, order.id, order.version)).settled;
  expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'approved' });
  expect(maya.named('tokens')).toHaveLength(1);
  expect(new Set(maya.named('execute').map(({ id }) => id)).size).toBe(1);
});
