import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { type Answer, approved, code, FakeMaya, reset } from '#e2e/rig/fake-maya.ts';
import { outboxPayloads } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { pay } from './pay.ts';

let maya: FakeMaya;
let rig: Rig;
beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

test.each<[string, Answer[], 'provider' | 'PY0010']>([
  ['Maya itself', [approved], 'provider'],
  ['PY0010 after an answer that was lost', [reset, code(400, 'PY0010')], 'PY0010'],
])(
  'C22: the merchant is told once of an order that was paid, and that %s confirmed it',
  async (_name, answers, confirmedBy) => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    maya.script.execute.push(...answers);
    await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
    const [execute] = maya.named('execute');
    const payload = { amountCentavos: order.totalCentavos, confirmedBy, providerId: execute?.id };
    expect(execute?.id).toEqual(expect.any(String));
    expect(await outboxPayloads(rig.deps, order.id)).toEqual([['order.paid', payload]]);
  },
);
