import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  AMOUNT,
  type Edge,
  freshEdge,
  HOUR,
  makeEcommpayRig,
  makeVisitor,
  pass,
} from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, ECOMMPAY, type Known, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { acknowledgeAll, alarms, history } from '#e2e/rig/payments.ts';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { listReview } from '../../ops/review-list.ts';
import { startPagePayment } from './start-page.ts';

let edge: Edge;
let rig: Rig;
beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

/** A customer who was handed to the Payment Page, and what ECommPay says of that. */
async function onThePage() {
  const { order, buyer, payment, shows } = await makeVisitor(rig);
  await startPagePayment(rig.deps, buyer, order, order.version);
  const { id } = await payment();
  return {
    id,
    payment,
    shows,
    says: (known: Partial<Known>) =>
      deliver(rig.deps, signedMessage(id, { status: 'success', amount: AMOUNT, ...known })),
    alarms: () => alarms(rig.deps, id),
    acknowledge: () => acknowledgeAll(rig.deps, id),
  };
}

test('E3: a second operation of one payment that took money is an alarm, whichever was first', async () => {
  for (const [first, second] of [
    [1, 2],
    [2, 1],
  ]) {
    const { says, alarms: raised, payment } = await onThePage();
    await says({ status: 'awaiting customer', operation: 1, operationStatus: 'decline', code: '20105' });
    await says({ operation: first });
    expect(await raised()).toEqual([]);
    await says({ operation: first });
    expect(await raised()).toEqual([]);
    await says({ operation: second });
    expect([await raised(), (await payment()).state]).toEqual([['second_operation'], 'approved']);
  }
});

test('E3, E10: a second operation that only the answer to our question tells of is an alarm too', async () => {
  for (const ids of [
    [590, 591],
    [591, 590],
  ]) {
    const { id, alarms: raised, payment } = await onThePage();
    const operations = ids.map((operation) => ({ id: operation, type: 'sale', status: 'success' }));
    edge.ecommpay.tell(id, { status: 'success', amount: AMOUNT, operations });
    await pass(rig, id, 2 * HOUR);
    expect([await raised(), (await payment()).state]).toEqual([['second_operation'], 'approved']);
  }
});

test('E3: of a callback and an answer, which tells of one more operation, neither hides the other', async () => {
  const sales = (...ids: number[]) => ({
    operations: ids.map((operation) => ({ id: operation, type: 'sale', status: 'success' })),
  });
  const { says, alarms: raised, acknowledge } = await onThePage();
  await says({ operation: 590 });
  await says({ operation: 590, ...sales(590) });
  expect(await raised()).toEqual([]);
  await says({ operation: 590, ...sales(591, 590) });
  expect(await acknowledge()).toEqual(['second_operation']);
  await says({ operation: 590, ...sales(591, 590) });
  expect(await raised()).toEqual([]);
  await says({ operation: 590, ...sales(590, 591, 592) });
  expect(await raised()).toEqual(['second_operation']);
});

test('E3: what was seen to is an alarm again where more comes: a refund after a partial one, a further sum', async () => {
  const { says, alarms: raised, acknowledge } = await onThePage();
  await says({ operation: 2 });
  await says({ status: 'partially refunded', operation: 3 });
  expect(await acknowledge()).toEqual(['unexpected_status']);
  await says({ status: 'partially refunded', operation: 3 });
  expect(await raised()).toEqual([]);
  await says({ status: 'refunded', operation: 4 });
  expect(await acknowledge()).toEqual(['unexpected_status']);
  await says({ amount: 1, operation: 5 });
  expect(await acknowledge()).toEqual(['money_differs', 'second_operation']);
  await says({ amount: 2 * AMOUNT, operation: 6 });
  expect(await acknowledge()).toEqual(['money_differs', 'second_operation']);
});

test('E3: the same end a second time, hours later, is news; delivered again it is not', async () => {
  const { says, alarms: raised, acknowledge, payment } = await onThePage();
  const decline = (at: string) => says({ status: 'decline', code: '20000', operation: 1, at });
  await decline('2026-11-21T02:01:00+0000');
  await says({ operation: 1, at: '2026-11-21T03:01:00+0000' });
  expect(await acknowledge()).toEqual(['contradiction']);
  const { version } = await payment();
  await decline('2026-11-21T02:01:00+0000');
  expect([await raised(), (await payment()).version]).toEqual([[], version]);
  await decline('2026-11-21T09:01:00+0000');
  expect([await raised(), (await payment()).version]).toEqual([['contradiction'], version + 1]);
});

test.each([
  ['switched off', {}, 'off'],
  ['set to another project', { ...ECOMMPAY, ECOMMPAY_PROJECT_ID: '581' }, 'project'],
])(
  'E10: a payment that is open while the rail is %s is a person’s in the end, with an alarm from the start',
  async (_name, settings, subject) => {
    const { id, payment } = await onThePage();
    const later = await makeRig((url, init) => edge.ecommpay.beside(edge.maya.fetch)(url, init), {
      test: rig.test,
      settings,
    });
    await pass(later, id, HOUR);
    expect(await alarms(rig.deps, subject)).toEqual(['ecommpay_configuration']);
    expect((await payment()).state).toBe('executing');
    await pass(later, id, 14 * 24 * HOUR);
    expect(await payment()).toMatchObject({ state: 'review', reason: 'time_cap' });
    expect(await history(rig.deps, id)).toEqual(['page_handed 1', 'time_cap']);
    const listed = await listReview(rig.deps.store.db, { spotChecks: false });
    expect(listed.map(({ paymentId }) => paymentId)).toContain(id);
  },
);
