import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AMOUNT, type Edge, freshEdge, makeEcommpayRig, makeVisitor } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { onlyPayment } from '#e2e/rig/payments.ts';
import { makeOrder, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { findOrder } from '../orders/order.ts';
import { orderKey } from '../orders/order-key.ts';
import { startGatePayment } from '../payments/ecommpay/start-gate.ts';
import { startPagePayment } from '../payments/ecommpay/start-page.ts';
import { onwardOf } from './handover.ts';
import { accessOrder } from './order-access.ts';
import { payOffer } from './pay-offer.ts';
import type { RequestContext } from './request.ts';

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

/** A browser: of somebody who is known, or that nobody has seen before. */
const browser = (row: string | null = rig.deps.ids.key()): RequestContext => ({
  deps: rig.deps,
  session: null,
  visitor: row === null ? null : { row, customerId: null },
});

/** An order, its owner's browser, and two others that have the private link. */
async function ordered() {
  const made = await makeVisitor(rig);
  const key = orderKey(rig.deps.orderKeys, made.order.id);
  const [payer, reader] = [browser(), browser()];
  const by = async (context: RequestContext, withKey: string | undefined = key) => {
    const access = await accessOrder(context, made.order.id, withKey);
    if (!access) throw new Error('the order was not shown');
    return access;
  };
  const buyerOf = (context: RequestContext) => ({
    ...made.buyer,
    owner: context.visitor ?? made.owner,
  });
  return { ...made, key, owner: browser(made.owner.row), payer, reader, by, buyerOf };
}

type Ordered = Awaited<ReturnType<typeof ordered>>;

async function paidBy({ order, buyerOf }: Ordered, who: RequestContext): Promise<void> {
  await startPagePayment(rig.deps, buyerOf(who), order, order.version);
  const { id } = await onlyPayment(rig.deps, order.id);
  await deliver(rig.deps, signedMessage(id, { status: 'success', amount: AMOUNT }));
}

describe('C42: the private link grants', () => {
  test('seeing and paying this order', async () => {
    const { by, reader } = await ordered();
    const access = await by(reader);
    expect(access).toMatchObject({ payOn: 'ecommpay', isOwn: false, status: { state: 'open' } });
    expect(await payOffer(reader, access)).toMatchObject({ kind: 'ecommpay', fits: true, similar: null });
  });

  test('the same to a browser that nobody has seen before', async () => {
    const { by } = await ordered();
    expect(await by(browser(null))).toMatchObject({ payOn: 'ecommpay', isOwn: false, mayCollect: false });
  });

  test('nothing without the key, and nothing with another order’s', async () => {
    const { order, reader } = await ordered();
    const other = await ordered();
    for (const key of [undefined, '', other.key]) expect(await accessOrder(reader, order.id, key)).toBeNull();
  });

  test('no cancelling', async () => {
    const { order, reader, owner } = await ordered();
    expect(
      await findOrder(rig.deps.store.db, order.id, reader.visitor ?? { row: '', customerId: null }),
    ).toBeNull();
    expect(
      await findOrder(rig.deps.store.db, order.id, owner.visitor ?? { row: '', customerId: null }),
    ).not.toBeNull();
  });

  test('inside Maya’s webview seeing alone', async () => {
    const { by } = await ordered();
    const inMaya = { ...browser(null), session: await makeSession(rig.deps) };
    expect(await by(inMaya)).toMatchObject({ payOn: null, isOwn: false, mayCollect: false });
  });
});

describe('C42: the pick-up code is for', () => {
  test('whoever ordered and whoever paid, and not for others with the link', async () => {
    const story = await ordered();
    await paidBy(story, story.payer);
    const may = async (context: RequestContext) => (await story.by(context)).mayCollect;
    expect([await may(story.owner), await may(story.payer), await may(story.reader)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(await may(browser(null))).toBe(false);
  });

  test('nobody who only tried to pay', async () => {
    const story = await ordered();
    await startPagePayment(rig.deps, story.buyerOf(story.reader), story.order, story.order.version);
    const { id } = await onlyPayment(rig.deps, story.order.id);
    await deliver(rig.deps, signedMessage(id, { status: 'decline', amount: AMOUNT, code: '20105' }));
    const again = { ...story, order: await story.fresh() };
    await startPagePayment(rig.deps, story.buyerOf(story.payer), again.order, again.order.version);
    const paid = (await story.by(story.payer)).status.payment;
    await deliver(rig.deps, signedMessage(paid?.id ?? '', { status: 'success', amount: AMOUNT }));
    expect((await story.by(story.payer)).mayCollect).toBe(true);
    expect((await story.by(story.reader)).mayCollect).toBe(false);
  });

  test('the customer inside Maya whose order it is', async () => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    const context = { ...browser(null), session };
    expect(await accessOrder(context, order.id, undefined)).toMatchObject({ isOwn: true, mayCollect: true });
  });
});

describe('F4: the way into a payment is for the browser that began it', () => {
  test('the Payment Page, whose address names a person', async () => {
    const story = await ordered();
    await startPagePayment(rig.deps, story.buyerOf(story.payer), story.order, story.order.version);
    expect(await onwardOf(story.payer, await story.by(story.payer))).toMatchObject({ kind: 'go' });
    for (const other of [story.owner, story.reader, browser(null)]) {
      const access = await story.by(other);
      expect(await onwardOf(other, access)).toBeNull();
      expect(await payOffer(other, access)).toMatchObject({ kind: 'continue', mayContinue: false });
    }
  });

  test('inside Maya its owner learns that it is being paid elsewhere', async () => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    const { buyerOf } = await ordered();
    await startPagePayment(rig.deps, buyerOf(browser()), order, order.version);
    const context = { ...browser(null), session };
    const access = await accessOrder(context, order.id, undefined);
    expect(access && (await payOffer(context, access))).toEqual({
      kind: 'continue',
      untilMs: expect.any(Number),
      mayContinue: false,
    });
  });

  test('nobody is said to be paying what a person is looking at', async () => {
    const story = await ordered();
    await startPagePayment(rig.deps, story.buyerOf(story.payer), story.order, story.order.version);
    const { id } = await onlyPayment(rig.deps, story.order.id);
    await deliver(rig.deps, signedMessage(id, { status: 'success', amount: AMOUNT - 1 }));
    for (const who of [story.payer, story.owner]) {
      const access = await story.by(who);
      expect(access.status.state).toBe('review');
      expect(await payOffer(who, access)).toEqual({ kind: 'none' });
    }
  });

  test('also where that address names nobody', async () => {
    const story = await ordered();
    const buyer = { ...story.buyerOf(story.payer), email: undefined };
    await startPagePayment(rig.deps, buyer, story.order, story.order.version);
    expect(await onwardOf(story.reader, await story.by(story.reader))).toBeNull();
  });

  test('the wallet, whose address may hold a token', async () => {
    const story = await ordered();
    await startGatePayment(rig.deps, story.buyerOf(story.payer), story.order, story.order.version);
    const { id } = await onlyPayment(rig.deps, story.order.id);
    const redirect = { method: 'GET', url: 'https://wallet.example/pay?token=t0ken' };
    await deliver(
      rig.deps,
      signedMessage(id, { status: 'awaiting redirect result', amount: AMOUNT, redirect }),
    );
    expect(await onwardOf(story.payer, await story.by(story.payer))).toMatchObject({ kind: 'go' });
    for (const other of [story.owner, story.reader, browser(null)]) {
      const access = await story.by(other);
      expect(await onwardOf(other, access)).toBeNull();
      expect(await payOffer(other, access)).toEqual({ kind: 'none' });
    }
  });
});
