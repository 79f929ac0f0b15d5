import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { AMOUNT, type Edge, freshEdge, freshOrder, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { reset } from '#e2e/rig/fake-maya.ts';
import { alarms, orderRow, paymentsOf } from '#e2e/rig/payments.ts';
import { makeOrder, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { listReview } from '../ops/review-list.ts';
import { append, lockPayment } from './append.ts';
import { callback } from './ecommpay/spec-helpers.ts';
import { startPagePayment } from './ecommpay/start-page.ts';
import { orderStatus } from './order-status.ts';
import { pay } from './pay.ts';
import { settleOnce } from './settle.ts';
import { decide } from './staff.ts';

let edge: Edge;
let rig: Rig;
beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

const OTHER_SUM = 1_000;

/** An order whose first payment was declined on ECommPay's page, and whose second one was sent, there or at Maya. */
async function sentTwice(second: 'page' | 'maya') {
  const session = await makeSession(rig.deps, { expiresInMs: 100 * 60_000 });
  const order = await makeOrder(rig.deps, session);
  const buyer = {
    owner: session,
    email: 'maria@example.ph',
    language: 'en',
    returnUrl: 'http://localhost:3000/orders/1',
  };
  await startPagePayment(rig.deps, buyer, order, order.version);
  const [first] = await paymentsOf(rig.deps, order.id);
  const says = (id: string, status: string, amount = AMOUNT, operation = 2) =>
    deliver(rig.deps, signedMessage(id, { status, amount, operation }));
  await says(first?.id ?? '', 'decline', AMOUNT, 1);
  await rig.test.advance(10);
  const again = await freshOrder(rig.deps, order.id);
  if (second === 'page') await startPagePayment(rig.deps, buyer, again, again.version);
  else {
    edge.maya.script.execute.push(reset);
    // Its process dies after the send.
    const dead = {
      ...rig.deps,
      reach: (point: string) => (point === 'execute.answered' ? new Promise<void>(() => {}) : undefined),
    };
    await pay(dead, session, order.id, again.version);
    await expect.poll(() => edge.maya.named('execute').length).toBe(1);
    await rig.deps.store.db
      .updateTable('payments')
      .set({ lease_until: 0, lease_by: 'dead' })
      .where('order_id', '=', order.id)
      .execute();
  }
  const [one, two] = (await paymentsOf(rig.deps, order.id)).map(({ id }) => id);
  if (!one || !two) throw new Error('two payments were wanted');
  const tasks = async () =>
    (
      await rig.deps.store.db
        .selectFrom('tasks')
        .select('payment_id')
        .where('payment_id', 'in', [one, two])
        .where('kind', '=', 'return_duplicate')
        .where('closed_at', 'is', null)
        .execute()
    ).map((task) => task.payment_id);
  const duplicate = async () => {
    const status = await orderStatus(
      rig.deps.store.db,
      await freshOrder(rig.deps, order.id),
      rig.deps.clock.now(),
    );
    return status.duplicate?.id ?? null;
  };
  return { order, one, two, says, tasks, duplicate };
}

describe('C30: two payments of one order took money', () => {
  test.each([
    ['both of our sum', AMOUNT, AMOUNT],
    ['the first of another sum', OTHER_SUM, AMOUNT],
    ['the second of another sum', AMOUNT, OTHER_SUM],
    ['both of another sum', OTHER_SUM, OTHER_SUM],
  ])('%s: alarm, task and the customer’s page, whichever is told first', async (_name, ofOne, ofTwo) => {
    for (const isTurned of [false, true]) {
      const { order, one, two, says, tasks, duplicate } = await sentTwice('page');
      const success = [() => says(one, 'success', ofOne), () => says(two, 'success', ofTwo)];
      if (isTurned) success.reverse();
      await success[0]?.();
      expect(await alarms(rig.deps, order.id)).toEqual([]);
      expect([await tasks(), await duplicate()]).toEqual([[], null]);
      await success[1]?.();
      expect(await alarms(rig.deps, order.id)).toEqual(['second_success']);
      const { paid_by: paidBy } = await orderRow(rig.deps, order.id);
      const firstTold = isTurned ? two : one;
      const right = ofOne === ofTwo ? firstTold : ofOne === AMOUNT ? one : two;
      expect(paidBy).toBe(ofOne === OTHER_SUM && ofTwo === OTHER_SUM ? null : right);
      const owed = paidBy === one ? two : paidBy === two ? one : two;
      expect(await duplicate()).toBe(owed);
      expect(await tasks()).toContain(owed);
      const listed = await listReview(rig.deps.store.db, { spotChecks: false });
      expect(listed.filter(({ todo, paymentId }) => todo === 'return' && paymentId === owed)).toHaveLength(1);
      // Said once more it is nothing new.
      await says(one, 'success', ofOne);
      expect(await tasks()).toHaveLength(1);
    }
  });

  test.each([
    ['a right success and one of another sum', AMOUNT, OTHER_SUM],
    ['two of another sum', OTHER_SUM, OTHER_SUM],
    ['two right ones', AMOUNT, AMOUNT],
  ])('%s at the same moment do not overlook each other', async (_name, ofOne, ofTwo) => {
    const { order, one, two, tasks } = await sentTwice('page');
    const says = (id: string, amount: number, before: () => Promise<void>) =>
      rig.deps.store.transaction(async (tx) => {
        const locked = await lockPayment(tx, id);
        if (!locked) throw new Error('gone');
        const fact = callback('success', amount === AMOUNT ? {} : { differs: ['amount'], amount });
        await append(tx, rig.deps, locked, [fact]);
        await before();
      });
    let recorded = () => {};
    const isRecorded = new Promise<void>((resolve) => {
      recorded = resolve;
    });
    // Has recorded everything, and is not committed yet, when the other one begins.
    const first = says(one, ofOne, async () => {
      recorded();
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    await isRecorded;
    await Promise.all([first, says(two, ofTwo, async () => {})]);
    expect(await alarms(rig.deps, order.id)).toEqual(['second_success']);
    expect(await tasks()).toHaveLength(1);
  });

  test('where a person finds that one of them took none, nothing is owed any more', async () => {
    const { order, one, two, says, tasks, duplicate } = await sentTwice('page');
    await says(two, 'success');
    await says(one, 'success', OTHER_SUM);
    expect(await tasks()).toEqual([one]);
    const [first] = await paymentsOf(rig.deps, order.id);
    const decided = await decide(
      { ...rig.deps, executeTimeoutMs: 60_000 },
      one,
      'not_charged',
      first?.version ?? 0,
      { actor: 'ana', evidence: 'Dashboard: another payment' },
    );
    expect(decided).toMatchObject({ state: 'failed' });
    expect([await tasks(), await duplicate()]).toEqual([[], null]);
  });

  test('where a person finds that the later one of two other sums pays the order, the earlier one is to be returned', async () => {
    const { order, one, two, says, tasks, duplicate } = await sentTwice('page');
    await says(one, 'success', OTHER_SUM);
    await says(two, 'success', OTHER_SUM);
    expect(await tasks()).toEqual([two]);
    const second = (await paymentsOf(rig.deps, order.id))[1];
    const staff = { actor: 'ana', evidence: 'Dashboard: the difference was paid in cash' };
    await decide({ ...rig.deps, executeTimeoutMs: 60_000 }, two, 'charged', second?.version ?? 0, staff);
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: two });
    expect([await tasks(), await duplicate()]).toEqual([[one], one]);
    expect(await alarms(rig.deps, order.id)).toEqual(['second_success']);
    // Its page tells what was paid, not what the order costs.
    const fresh = await freshOrder(rig.deps, order.id);
    const status = await orderStatus(rig.deps.store.db, fresh, rig.deps.clock.now());
    expect(status).toMatchObject({ state: 'approved', paidCentavos: OTHER_SUM });
  });

  test('Maya is not asked to execute once more beside a payment that took money, whatever its sum', async () => {
    const { order, one, two, says } = await sentTwice('maya');
    await says(one, 'success', OTHER_SUM);
    await drive(rig.test, settleOnce(rig.deps, two, { ignoreDue: true }), 10);
    expect((await paymentsOf(rig.deps, order.id))[1]).toMatchObject({
      state: 'review',
      reason: 'other_payment_paid',
    });
    expect(edge.maya.named('execute')).toHaveLength(1);
  });
});
