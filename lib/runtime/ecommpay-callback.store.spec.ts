import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AMOUNT, type Edge, freshEdge, makeEcommpayRig, makeVisitor } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type Known, SECRET, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { alarms, history, onlyPayment, orderRow, outboxKinds } from '#e2e/rig/payments.ts';
import { permutations } from '#e2e/rig/permutations.ts';
import { makeOrder, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { sign } from '../ecommpay/signature.ts';
import { startPagePayment } from '../payments/ecommpay/start-page.ts';
import { pay } from '../payments/pay.ts';

let edge: Edge;
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
  // Events are relayed where a test says so.
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

/** A customer who is on the Payment Page. */
async function onThePage() {
  const visitor = await makeVisitor(rig);
  await startPagePayment(rig.deps, visitor.buyer, visitor.order, visitor.order.version);
  const { id } = await visitor.payment();
  const callback = (status: string, changes: Partial<Known> = {}) =>
    signedMessage(id, { status, amount: AMOUNT, ...changes });
  return { ...visitor, id, callback };
}

const strays = () => rig.deps.store.db.selectFrom('stray_callbacks').selectAll().orderBy('id').execute();

describe('a callback of ours', () => {
  test('pays the order, and is durable before it is acknowledged', async () => {
    const { id, order, callback, shows } = await onThePage();
    expect(await deliver(rig.deps, callback('success'))).toBe(200);
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: id, claim: id });
    expect(await outboxKinds(rig.deps, order.id)).toEqual(['order.paid']);
    expect(await shows()).toEqual(['approved', false]);
    expect(rig.logText()).not.toMatch(/maria|@example/);
  });

  test('declines it, and the order can be paid again', async () => {
    const { order, callback, payment, shows } = await onThePage();
    expect(await deliver(rig.deps, callback('decline', { code: '20105' }))).toBe(200);
    expect(await payment()).toMatchObject({ state: 'declined', reason: '20105' });
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: null, paid_by: null });
    expect(await shows()).toEqual(['declined', true]);
  });

  test('E3: a declined operation is not a declined payment', async () => {
    const { id, order, callback, shows } = await onThePage();
    await deliver(rig.deps, callback('awaiting customer', { operationStatus: 'decline', code: '20105' }));
    expect(await shows()).toEqual(['executing', false]);
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: id });
    await deliver(rig.deps, callback('success', { operation: 591 }));
    expect(await shows()).toEqual(['approved', false]);
  });

  test('E1: is taken before anything else is known of the payment', async () => {
    const { callback, shows } = await onThePage();
    expect(await deliver(rig.deps, callback('processing'))).toBe(200);
    expect(await shows()).toEqual(['executing', false]);
  });
});

describe('E2, E9: deliveries', () => {
  test('120 of one callback, some at once, change nothing after the first', async () => {
    const { id, order, callback } = await onThePage();
    const body = callback('success');
    const answers = await Promise.all(Array.from({ length: 40 }, () => deliver(rig.deps, body)));
    for (let delivery = 40; delivery < 120; delivery += 1) answers.push(await deliver(rig.deps, body));
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(await history(rig.deps, id)).toEqual(['page_handed 1', 'callback_said']);
    expect(await outboxKinds(rig.deps, order.id)).toEqual(['order.paid']);
  });

  test('E3: in any order come to the same', async () => {
    const stages: [string, Partial<Known>][] = [
      ['processing', {}],
      ['awaiting customer', { operationStatus: 'decline', code: '20105' }],
      ['success', { operation: 591 }],
      ['awaiting redirect result', { operation: 591 }],
    ];
    for (const order of permutations(stages)) {
      const { id, callback, payment, order: bought } = await onThePage();
      for (const [status, changes] of order)
        expect(await deliver(rig.deps, callback(status, changes))).toBe(200);
      expect(await payment()).toMatchObject({ state: 'approved', confirmed_by: 'provider' });
      expect(await outboxKinds(rig.deps, bought.id)).toEqual(['order.paid']);
      expect(await alarms(rig.deps, id)).toEqual([]);
    }
  });

  test.each([[['success', 'decline']], [['decline', 'success']]])(
    'E3: %j on one operation: paid, told once, with an alarm',
    async (statuses) => {
      const { id, order, callback, payment } = await onThePage();
      for (const status of statuses) expect(await deliver(rig.deps, callback(status))).toBe(200);
      expect((await payment()).state).toBe('approved');
      expect(await alarms(rig.deps, id)).toEqual(['contradiction']);
      expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: id });
    },
  );

  test('E9: a process that dies before it acknowledges has saved it', async () => {
    const { id, order, callback } = await onThePage();
    let dead = false;
    const dying = {
      ...rig.deps,
      reach: (point: string) => {
        dead = point === 'callback.saved';
        return dead ? new Promise<void>(() => {}) : undefined;
      },
    };
    void deliver(dying, callback('success'));
    await expect.poll(() => dead).toBe(true);
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: id });
    expect(await deliver(rig.deps, callback('success'))).toBe(200);
    expect(await outboxKinds(rig.deps, order.id)).toEqual(['order.paid']);
  });

  test('a store that is down: 500, so that it comes again', async () => {
    const { callback, shows } = await onThePage();
    const broken = {
      ...rig.deps,
      store: { ...rig.deps.store, transaction: () => Promise.reject(new Error('down')) },
    };
    expect(await deliver(broken, callback('success'))).toBe(500);
    expect(await shows()).toEqual(['executing', false]);
    expect(await deliver(rig.deps, callback('success'))).toBe(200);
    expect(await shows()).toEqual(['approved', false]);
  });
});

describe('E6, E7: what differs from our own row never pays', () => {
  test.each<[string, Partial<Known>]>([
    ['a centavo less', { amount: AMOUNT - 1 }],
    ['pesos for centavos', { amount: AMOUNT / 100 }],
    ['another currency', { currency: 'USD' }],
    ['another project', { project: 581 }],
    ['another type', { type: 'payout' }],
  ])('%s', async (_name, changes) => {
    const { id, order, callback, payment, shows } = await onThePage();
    expect(await deliver(rig.deps, callback('success', changes))).toBe(200);
    expect(await payment()).toMatchObject({ state: 'review', reason: 'money_differs' });
    expect(await alarms(rig.deps, id)).toEqual(['money_differs', 'payment_in_review']);
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: id, paid_by: null });
    expect(await outboxKinds(rig.deps, order.id)).toEqual([]);
    expect(await shows()).toEqual(['review', false]);
  });

  test('the truth of ours that comes later counts', async () => {
    const { callback, payment } = await onThePage();
    await deliver(rig.deps, callback('success', { project: 581 }));
    await deliver(rig.deps, callback('success'));
    expect(await payment()).toMatchObject({ state: 'approved', reason: null });
  });
});

test('E13: a repeat that is refused by callback says nothing of the payment', async () => {
  const { callback, id, shows } = await onThePage();
  await rig.test.advance(60_000);
  edge.ecommpay.tell(id, { status: 'processing', amount: AMOUNT });
  expect(await deliver(rig.deps, callback('decline', { code: '3041' }))).toBe(200);
  expect(await shows()).toEqual(['executing', false]);
  await expect.poll(() => edge.ecommpay.named('status').length).toBeGreaterThan(0);
  expect(await shows()).toEqual(['executing', false]);
});

describe('E19: a payment that is not ours', () => {
  test('is kept for staff once, however often it comes, with an alarm', async () => {
    const before = (await strays()).length;
    const body = signedMessage('somebody-elses', { status: 'success', amount: 1 });
    for (let delivery = 0; delivery < 5; delivery += 1) expect(await deliver(rig.deps, body)).toBe(200);
    const kept = (await strays()).slice(before);
    expect(kept).toMatchObject([{ provider_payment_id: 'somebody-elses', times: 5 }]);
    expect(JSON.parse(kept[0]?.report ?? '')).toMatchObject({ reading: 'success', sum: { amount: 1 } });
    expect(await alarms(rig.deps, kept[0]?.id ?? '')).toEqual(['unknown_payment']);
  });

  test('nor is a payout that nobody ordered here', async () => {
    const before = (await strays()).length;
    const body = signedMessage('a-payout', { status: 'success', amount: 1, type: 'payout' });
    expect(await deliver(rig.deps, body)).toBe(200);
    expect(await strays()).toHaveLength(before + 1);
  });

  test('nor is a payment of the other rail', async () => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    edge.maya.script.execute.push((call, fake) => fake.result(call, 'DECLINED'));
    await (await pay(rig.deps, session, order.id, order.version)).settled;
    const { id } = await onlyPayment(rig.deps, order.id);
    const before = (await strays()).length;
    expect(await deliver(rig.deps, signedMessage(id, { status: 'success', amount: AMOUNT }))).toBe(200);
    expect((await onlyPayment(rig.deps, order.id)).state).toBe('declined');
    expect(await strays()).toHaveLength(before + 1);
  });

  test('a message of no payment at all is taken and ignored', async () => {
    const body = { project_id: 580, recurring: { id: 1 } };
    const before = (await strays()).length;
    expect(await deliver(rig.deps, JSON.stringify({ ...body, signature: sign(body, SECRET) }))).toBe(200);
    expect(await strays()).toHaveLength(before);
  });
});

test('E16: during a change of the secret both are taken', async () => {
  const { id, shows } = await onThePage();
  const changed = await makeEcommpayRig(() => edge, {
    test: rig.test,
    settings: { ECOMMPAY_SECRET: 'the next secret', ECOMMPAY_SECRET_PREVIOUS: SECRET },
  });
  const processing = signedMessage(id, { status: 'processing', amount: AMOUNT }, 'the next secret');
  expect(await deliver(changed.deps, processing)).toBe(200);
  expect(await deliver(changed.deps, signedMessage(id, { status: 'success', amount: AMOUNT }))).toBe(200);
  expect(await shows()).toEqual(['approved', false]);
});
