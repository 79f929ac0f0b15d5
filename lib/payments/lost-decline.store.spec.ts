import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { code, FakeMaya, reset } from '#e2e/rig/fake-maya.ts';
import { alarms, onlyPayment, orderRow, outboxKinds } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { listReview } from '../ops/review-list.ts';
import { pay } from './pay.ts';
import { decide } from './staff.ts';

let maya: FakeMaya;
let trusting: Rig;
let careful: Rig;

beforeAll(async () => {
  trusting = await makeRig((url, init) => maya.fetch(url, init));
  careful = await makeRig((url, init) => maya.fetch(url, init), {
    test: trusting.test,
    settings: { MAYA_PY0010: 'review' },
  });
});
afterAll(() => trusting.close());
beforeEach(() => {
  maya = new FakeMaya();
});

/** Maya declined the first execute and its answer was lost; to the repeats it says this. */
async function declinedUnheard({ deps, test: store }: Rig, ...repeats: string[]) {
  const session = await makeSession(deps);
  const order = await makeOrder(deps, session);
  maya.script.execute.push(reset, ...repeats.map((name) => code(400, name)));
  await drive(store, (await pay(deps, session, order.id, order.version)).settled);
  return { order, payment: () => onlyPayment(deps, order.id) };
}

const todo = async (orderId: string) =>
  (await listReview(trusting.deps.store.db, { spotChecks: true }))
    .filter((row) => row.orderId === orderId)
    .map((row) => row.todo);

describe('C23: a decline nobody heard, then PY0010', () => {
  test('with MAYA_PY0010=review it is never paid by itself: a person decides, and nothing is sold beside it', async () => {
    const { order, payment } = await declinedUnheard(careful, 'PY0010');
    const { id, state, reason } = await payment();
    expect([state, reason]).toEqual(['review', 'py0010']);
    expect(await orderRow(careful.deps, order.id)).toMatchObject({ claim: id, paid_by: null });
    expect(await outboxKinds(careful.deps, order.id)).toEqual([]);
    expect(await alarms(careful.deps, id)).toEqual(['payment_in_review']);
    expect(await todo(order.id)).toEqual(['decide']);
  });

  test('with MAYA_PY0010=approved it counts as paid, and staff has it on its list and can take it back', async () => {
    const { order, payment } = await declinedUnheard(trusting, 'PY0010');
    const believed = await payment();
    expect(believed).toMatchObject({ state: 'approved', confirmed_by: 'PY0010' });
    expect(await todo(order.id)).toEqual(['check']);
    const { deps } = trusting;
    const staff = { ...deps, executeTimeoutMs: deps.maya.settings.executeTimeoutMs };
    const evidence = { actor: 'ana', evidence: 'Maya Manager: declined' };
    await trusting.test.advance(2 * 60_000);
    await decide(staff, believed.id, 'not_charged', believed.version, evidence);
    expect(await payment()).toMatchObject({ state: 'failed', confirmed_by: 'staff' });
    expect(await orderRow(deps, order.id)).toMatchObject({ claim: null, paid_by: null });
    expect(await outboxKinds(deps, order.id)).toEqual(['order.paid', 'order.payment_reversed']);
    expect(await todo(order.id)).toEqual([]);
  });

  test('the other reading, the decline code again: undecided, whatever the setting, and a person decides', async () => {
    for (const rig of [trusting, careful]) {
      const { order, payment } = await declinedUnheard(rig, 'PY0105', 'PY0105', 'PY0105');
      expect(await payment()).toMatchObject({ state: 'review', reason: 'undecided' });
      expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: null });
    }
  });
});
