import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AMOUNT, type Edge, freshEdge, makeEcommpayRig, makeVisitor } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, SECRET, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { outboxKinds } from '#e2e/rig/payments.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { sign } from '../ecommpay/signature.ts';
import { startPagePayment } from '../payments/ecommpay/start-page.ts';

let edge: Edge;
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

/** A genuine callback of this end with a member that its signature allows to be cut anew (`lib/ecommpay/recut.spec.ts`). */
function recut(id: string, status: string): string {
  const { signature: _, ...message } = JSON.parse(signedMessage(id, { status, amount: AMOUNT }));
  const tree = { ...message, z: ';payment:status:decline;z:' };
  return JSON.stringify({ ...tree, signature: sign(tree, SECRET) });
}

test.each([
  ['success', 'decline', 'declined', []],
  ['decline', 'success', 'approved', ['order.paid']],
] as const)(
  'E18: a callback of %s that may be another one cut anew: ECommPay is asked, and its %s counts',
  async (said, truth, state, told) => {
    const visitor = await makeVisitor(rig);
    await startPagePayment(rig.deps, visitor.buyer, visitor.order, visitor.order.version);
    const { id } = await visitor.payment();
    edge.ecommpay.tell(id, { status: truth, amount: AMOUNT });
    let answer = () => {};
    const mayAnswer = new Promise<void>((resolve) => {
      answer = resolve;
    });
    edge.ecommpay.script.status.push(async (call, fake) => {
      await mayAnswer;
      return fake.well(call);
    });
    expect(await deliver(rig.deps, recut(id, said))).toBe(200);
    expect((await visitor.payment()).state).toBe('executing');
    answer();
    await expect.poll(async () => (await visitor.payment()).state).toBe(state);
    expect(edge.ecommpay.named('status').length).toBeGreaterThan(0);
    expect(await outboxKinds(rig.deps, visitor.order.id)).toEqual(told);
  },
);
