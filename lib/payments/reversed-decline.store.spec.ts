import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import {
  AMOUNT,
  type Edge,
  freshEdge,
  freshOrder,
  makeEcommpayRig,
  pass,
} from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type EcommpayAnswer, type Known, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { held, notConnected } from '#e2e/rig/fake-maya.ts';
import { alarms, orderRow, paymentsOf } from '#e2e/rig/payments.ts';
import { makeOrder, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { cancelOrder } from '../orders/close-order.ts';
import { redirectFor } from './ecommpay/redirect-for.ts';
import { startGatePayment } from './ecommpay/start-gate.ts';
import { startPagePayment } from './ecommpay/start-page.ts';
import { pay } from './pay.ts';
import type { PaymentRow } from './payment.ts';
import { LEASE_MS, SEND_UNASKED_MS } from './timing.ts';

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

const MINUTE = 60_000;

/** An order whose first payment, on ECommPay's page, ended and gave the claim up. */
async function ended(how: 'declined' | 'never registered') {
  const session = await makeSession(rig.deps, { expiresInMs: 100 * MINUTE });
  const order = await makeOrder(rig.deps, session);
  const buyer = {
    owner: session,
    email: 'maria@example.ph',
    language: 'en',
    ipAddress: '203.0.113.7',
    returnUrl: 'http://localhost:3000/orders/1',
  };
  await startPagePayment(rig.deps, buyer, order, order.version);
  const [opened] = await paymentsOf(rig.deps, order.id);
  const first = opened?.id ?? '';
  const says = (known: Partial<Known>, paymentId = first) =>
    deliver(
      rig.deps,
      signedMessage(paymentId, { status: 'success', amount: AMOUNT, operation: 2, ...known }),
    );
  if (how === 'declined') await says({ status: 'decline', operation: 1 });
  else {
    await rig.deps.store.db
      .updateTable('orders')
      .set({ expires_at: rig.test.clock.now() + 1_000 * MINUTE })
      .where('id', '=', order.id)
      .execute();
    await pass(rig, first, 61 * MINUTE);
  }
  expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: null, paid_by: null });
  await rig.test.advance(10);
  const now = () => freshOrder(rig.deps, order.id);
  const second = async (): Promise<PaymentRow> => {
    const [, other] = await paymentsOf(rig.deps, order.id);
    if (!other) throw new Error('there is no second payment');
    return other;
  };
  return { session, buyer, first, says, now, second, row: () => orderRow(rig.deps, order.id) };
}
type Ended = Awaited<ReturnType<typeof ended>>;

/** What ECommPay says of a payment that had ended: each may have charged the customer, or still may. */
const REVERSALS: [string, 'declined' | 'never registered', Partial<Known>, string][] = [
  ['a success', 'declined', {}, 'approved'],
  ['a success of another sum', 'declined', { amount: 1 }, 'review'],
  ['a success', 'never registered', {}, 'approved'],
  ['that it is under way after all', 'never registered', { status: 'processing' }, 'executing'],
  ['that it was refunded', 'never registered', { status: 'refunded' }, 'review'],
];

describe('C30: a payment that had ended is reversed', () => {
  test.each(REVERSALS)('by %s, after it was %s: nobody pays beside it', async (_name, how, known, state) => {
    const { first, says, now, row, session, buyer } = await ended(how);
    await says(known);
    const [payment] = await paymentsOf(rig.deps, (await row()).id);
    expect(payment).toMatchObject({ id: first, state });
    expect(await row()).toMatchObject({ claim: first, paid_by: state === 'approved' ? first : null });
    const order = await now();
    await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
    await startPagePayment(rig.deps, buyer, order, order.version);
    await startGatePayment(rig.deps, buyer, order, order.version);
    expect(await paymentsOf(rig.deps, order.id)).toHaveLength(1);
    expect(await cancelOrder(rig.deps.store.db, order.id)).toBe(false);
  });
});

describe('C30: a second payment was begun, and has sent nothing yet, when the first is reversed', () => {
  /** A process that stops for a while where it is about to send. */
  const stoppedAt = (point: string) => {
    let go = () => {};
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const gone = new Promise<void>((resolve) => {
      go = resolve;
    });
    let passed = false;
    const reach = (name: string) => {
      if (name !== point || passed) return undefined;
      passed = true;
      arrive();
      return gone;
    };
    return { deps: { ...rig.deps, reach }, arrived, go: () => go() };
  };

  test.each(REVERSALS)(
    'Maya: by %s, after it was %s: it executes nothing',
    async (_name, how, known, state) => {
      const { first, says, now, row, session, second } = await ended(how);
      const create = held((call) => edge.maya.well(call));
      edge.maya.script.create.push(create.answer);
      const order = await now();
      const { settled } = await pay(rig.deps, session, order.id, order.version);
      await create.arrived;
      await says(known);
      create.release();
      await drive(rig.test, settled);
      expect(edge.maya.named('execute')).toEqual([]);
      expect(await second()).toMatchObject({ state: 'failed', reason: 'order_taken' });
      expect(await row()).toMatchObject(state === 'approved' ? { paid_by: first } : { claim: first });
    },
  );

  test.each(REVERSALS)(
    'Maya: by %s, after it was %s: while its execute finds no connection: it is not tried again',
    async (_name, how, known, state) => {
      const { first, says, now, row, session, second } = await ended(how);
      edge.maya.script.execute.push(notConnected);
      const stalled = stoppedAt('execute.saved');
      const order = await now();
      const { settled } = await pay(stalled.deps, session, order.id, order.version);
      await stalled.arrived;
      await says(known);
      stalled.go();
      await drive(rig.test, settled);
      expect(edge.maya.named('execute')).toHaveLength(1);
      expect(await second()).toMatchObject({ state: 'failed', reason: 'order_taken' });
      expect(await alarms(rig.deps, (await second()).id)).toEqual([]);
      expect(await row()).toMatchObject(state === 'approved' ? { paid_by: first } : { claim: first });
    },
  );

  test.each(REVERSALS)(
    'Maya: by %s, after it was %s: while its process stands still: it executes nothing then or later',
    async (_name, how, known) => {
      const { says, now, session, second } = await ended(how);
      const stalled = stoppedAt('execute.recorded');
      const order = await now();
      const { settled } = await pay(stalled.deps, session, order.id, order.version);
      await stalled.arrived;
      await says(known);
      await rig.test.advance(SEND_UNASKED_MS + 1);
      stalled.go();
      await drive(rig.test, settled);
      expect(edge.maya.named('execute')).toEqual([]);
      expect(await second()).toMatchObject({ state: 'failed', reason: 'order_taken' });
    },
  );

  const gate = async ({ buyer, now }: Ended, deps = rig.deps) => {
    const order = await now();
    return startGatePayment(deps, buyer, order, order.version);
  };
  test.each(REVERSALS)(
    'Gate: by %s, after it was %s: its sale is not sent',
    async (_name, how, known, state) => {
      const story = await ended(how);
      const stalled = stoppedAt('sale.recorded');
      const { settled } = await gate(story, stalled.deps);
      await stalled.arrived;
      await story.says(known);
      stalled.go();
      await drive(rig.test, settled);
      expect(edge.ecommpay.named('sale')).toEqual([]);
      expect(await story.second()).toMatchObject({ state: 'failed', reason: 'order_taken' });
      expect(await story.row()).toMatchObject(
        state === 'approved' ? { paid_by: story.first } : { claim: story.first },
      );
    },
  );

  test('Gate: while its sender waits for a connection: its sale is not tried again', async () => {
    const story = await ended('declined');
    edge.ecommpay.script.sale.push(notConnected as unknown as EcommpayAnswer);
    const stalled = stoppedAt('sale.saved');
    const { settled } = await gate(story, stalled.deps);
    await stalled.arrived;
    stalled.go();
    await expect.poll(async () => (await paymentsOf(rig.deps, (await story.row()).id)).length).toBe(2);
    await story.says({});
    await drive(rig.test, settled);
    expect(edge.ecommpay.named('sale')).toHaveLength(1);
    expect((await story.second()).state).toBe('failed');
  });

  test('Gate: the customer is not sent to the wallet', async () => {
    const story = await ended('declined');
    await drive(rig.test, (await gate(story)).settled);
    const { id } = await story.second();
    await story.says(
      { status: 'awaiting redirect result', redirect: { url: 'https://pay.example/1' }, operation: 1 },
      id,
    );
    expect(await redirectFor(rig.deps, await story.second())).toMatchObject({ kind: 'go' });
    const seenBefore = await story.second();
    await story.says({});
    expect(await redirectFor(rig.deps, seenBefore)).toEqual({ kind: 'over' });
  });

  test('the Payment Page: its address is not handed out', async () => {
    const { buyer, now, says } = await ended('declined');
    const order = await now();
    const stalled = stoppedAt('page.recorded');
    const tapped = startPagePayment(stalled.deps, buyer, order, order.version);
    await stalled.arrived;
    await says({});
    stalled.go();
    expect(await tapped).toEqual({ kind: 'following' });
  });

  test('the Payment Page: nor given once more by a page that was read before', async () => {
    const { buyer, now, says } = await ended('declined');
    const order = await now();
    expect(await startPagePayment(rig.deps, buyer, order, order.version)).toMatchObject({ kind: 'go' });
    const readBefore = await now();
    expect(await startPagePayment(rig.deps, buyer, readBefore, readBefore.version)).toMatchObject({
      kind: 'go',
    });
    await says({});
    expect(await startPagePayment(rig.deps, buyer, readBefore, readBefore.version)).toEqual({
      kind: 'following',
    });
  });
});

test('C28: a Gate sale whose sender slept past its lease does not leave any more', async () => {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  const buyer = {
    owner: session,
    email: 'maria@example.ph',
    ipAddress: '203.0.113.7',
    returnUrl: 'http://localhost:3000/orders/1',
  };
  let go = () => {};
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  const asleep = {
    ...rig.deps,
    reach: (point: string) => (point === 'sale.recorded' ? gone : undefined),
  };
  const { settled } = await startGatePayment(asleep, buyer, order, order.version);
  const [payment] = await paymentsOf(rig.deps, order.id);
  await rig.deps.store.db
    .updateTable('payments')
    .set({ lease_until: 0, lease_by: 'somebody else' })
    .where('order_id', '=', order.id)
    .execute();
  await rig.test.advance(LEASE_MS);
  go();
  await drive(rig.test, settled);
  expect(edge.ecommpay.named('sale')).toEqual([]);
  await pass(rig, payment?.id ?? '', 2 * MINUTE);
  expect((await paymentsOf(rig.deps, order.id))[0]).toMatchObject({
    state: 'failed',
    reason: 'not_connected',
  });
  expect(await alarms(rig.deps, payment?.id ?? '')).toEqual([]);
});
