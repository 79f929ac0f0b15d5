import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderRow } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { besideStatements } from '../customer-session/spec-helpers.ts';
import { lockEach } from '../db/each.ts';
import type { Tx } from '../db/store.ts';
import { claimOrder, claimWhereFree, confirmClaim, markPaid, passClaim, unmarkPaid } from './claim.ts';
import { cancelOrder, closeLapsed } from './close-order.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('an order calls nobody')));
});
afterAll(() => rig.close());

const open = async () => makeOrder(rig.deps, await makeSession(rig.deps));
const row = (id: string) => orderRow(rig.deps, id);
const inTx = <T>(work: (tx: Tx) => Promise<T>) => rig.deps.store.transaction(work);

type Opened = Awaited<ReturnType<typeof open>>;
const asShown = ({ id, version, totalCentavos }: Opened, paymentId = 'me') => ({
  orderId: id,
  paymentId,
  version,
  totalCentavos,
});
/** @returns whether the payment pays the order after this */
const pay = async (tx: Tx, orderId: string, paymentId: string) =>
  (await markPaid(tx, [{ orderId, paymentId }])).length === 1;
const claim = (order: Opened, paymentId = 'me') => inTx((tx) => claimOrder(tx, asShown(order, paymentId)));

describe('open: the claim is taken', () => {
  test('where the order is open, unexpired, unclaimed, unpaid, and as it was shown', async () => {
    const order = await open();
    expect(await claim(order)).toBe(true);
    expect(await row(order.id)).toMatchObject({
      claim: 'me',
      paid_by: null,
      version: 1,
      first_payment_at: rig.test.clock.now(),
    });
  });

  test('up to the last millisecond of the order’s life', async () => {
    const order = await open();
    await rig.test.advance(30 * 60_000 - 1);
    expect(await claim(order)).toBe(true);
  });

  test.each<[string, (order: Opened) => Promise<unknown>, Partial<ReturnType<typeof asShown>>]>([
    ['claimed by another payment', (order) => claim(order, 'other'), {}],
    ['claimed by this very payment', (order) => claim(order), {}],
    ['paid', ({ id }) => inTx((tx) => pay(tx, id, 'other')), {}],
    ['cancelled', ({ id }) => cancelOrder(rig.deps.store.db, id), { version: 2 }],
    ['expired', ({ id }) => expire(id), { version: 2 }],
    ['lapsed, though nobody has expired it yet', () => rig.test.advance(30 * 60_000), {}],
    ['of a newer version than was shown', ({ id }) => bump(id), {}],
    ['of an older version than was named', async () => {}, { version: 2 }],
    ['of another total', async () => {}, { totalCentavos: 149_949 }],
    ['nobody’s', async () => {}, { orderId: '01990000-0000-7000-8000-000000000000' }],
  ])('not where it is %s', async (_name, happened, changes) => {
    const order = await open();
    await happened(order);
    const before = await row(order.id);
    const taken = await inTx((tx) => claimOrder(tx, { ...asShown(order), ...changes }));
    expect(taken).toBe(false);
    expect(await row(order.id)).toEqual(before);
  });

  async function expire(id: string) {
    await rig.test.advance(30 * 60_000);
    await closeLapsed(rig.deps.store.db, { id });
  }

  const bump = (id: string) =>
    rig.deps.store.db.updateTable('orders').set({ version: 2 }).where('id', '=', id).execute();

  test('C3: of fifty at once, one takes it', async () => {
    const order = await open();
    const taken = await Promise.all(Array.from({ length: 50 }, (_, n) => claim(order, `payment-${n}`)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect((await row(order.id)).claim).toBe(`payment-${taken.indexOf(true)}`);
  });

  test('C29: claims and a cancellation that meet, in whatever order: one of them comes true', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const order = await open();
        const { store } = besideStatements(rig.deps, { after: () => scheduler.schedule(Promise.resolve()) });
        const [first, second, cancelled] = await scheduler.waitFor(
          Promise.all([
            store.transaction((tx) => claimOrder(tx, asShown(order, 'first'))),
            store.transaction((tx) => claimOrder(tx, asShown(order, 'second'))),
            scheduler.schedule(Promise.resolve()).then(() => cancelOrder(store.db, order.id)),
          ]),
        );
        expect([first, second, cancelled].filter(Boolean)).toHaveLength(1);
        const claimed = first ? 'first' : second ? 'second' : null;
        expect(await row(order.id)).toMatchObject({
          claim: claimed,
          state: cancelled ? 'cancelled' : 'open',
        });
      }),
      { numRuns: 25 },
    );
  });

  test('a second payment keeps the time of the first: from then on the cart is empty', async () => {
    const order = await open();
    await claim(order);
    const { first_payment_at: first } = await row(order.id);
    await inTx((tx) => passClaim(tx, order.id, 'me', null));
    await rig.test.advance(1_000);
    // Whoever still looks at the page from before may have been told meanwhile that nothing was charged.
    expect(await claim(order, 'again')).toBe(false);
    expect(await claim({ ...order, version: 2 }, 'again')).toBe(true);
    expect(await row(order.id)).toMatchObject({ claim: 'again', first_payment_at: first });
  });
});

describe('first execute: the order moves on', () => {
  test('where the claim is mine and nobody paid; a page shown before then pays nothing', async () => {
    const order = await open();
    await claim(order);
    expect(await inTx((tx) => confirmClaim(tx, order.id, 'me'))).toBe(true);
    expect(await row(order.id)).toMatchObject({ version: 2, claim: 'me' });
    await inTx((tx) => passClaim(tx, order.id, 'me', null));
    expect(await claim(order, 'late')).toBe(false);
  });

  test.each<[string, (tx: Tx, id: string) => Promise<unknown>]>([
    ['the claim is nobody’s', (tx, id) => passClaim(tx, id, 'me', null)],
    ['the claim is another’s', (tx, id) => passClaim(tx, id, 'me', 'other')],
    ['another payment paid', (tx, id) => pay(tx, id, 'other')],
    ['it is paid by this one already', (tx, id) => pay(tx, id, 'me')],
  ])('not where %s', async (_name, happened) => {
    const order = await open();
    await claim(order);
    await inTx((tx) => happened(tx, order.id));
    const before = await row(order.id);
    expect(await inTx((tx) => confirmClaim(tx, order.id, 'me'))).toBe(false);
    expect(await row(order.id)).toEqual(before);
  });
});

describe('in review, or approved: the claim is taken where it is free', () => {
  test('also of an order that was closed meanwhile, so that nobody pays beside an open question', async () => {
    const order = await open();
    await cancelOrder(rig.deps.store.db, order.id);
    await inTx((tx) => claimWhereFree(tx, order.id, 'me'));
    expect(await row(order.id)).toMatchObject({ claim: 'me', state: 'cancelled' });
  });

  test('never from another payment', async () => {
    const order = await open();
    await claim(order, 'other');
    await inTx((tx) => claimWhereFree(tx, order.id, 'me'));
    expect((await row(order.id)).claim).toBe('other');
  });
});

describe('declined or failed: the claim is given on', () => {
  test.each([
    ['to another that may have charged', 'heir'],
    ['up', null],
  ])('%s', async (_name, heir) => {
    const order = await open();
    await claim(order);
    await inTx((tx) => passClaim(tx, order.id, 'me', heir));
    expect((await row(order.id)).claim).toBe(heir);
  });

  test('not where it is another’s', async () => {
    const order = await open();
    await claim(order, 'other');
    await inTx((tx) => passClaim(tx, order.id, 'me', null));
    expect((await row(order.id)).claim).toBe('other');
  });
});

describe('approved: the order is paid, once', () => {
  test('C30: by the first of fifty at once; all hear whether they were it', async () => {
    const order = await open();
    const first = await Promise.all(
      Array.from({ length: 50 }, (_, n) => inTx((tx) => pay(tx, order.id, `payment-${n}`))),
    );
    expect(first.filter(Boolean)).toHaveLength(1);
    expect((await row(order.id)).paid_by).toBe(`payment-${first.indexOf(true)}`);
  });

  test('and held by it where nobody else holds it', async () => {
    const [free, held] = [await open(), await open()];
    await claim(held, 'other');
    await inTx((tx) => pay(tx, free.id, 'me'));
    await inTx((tx) => pay(tx, held.id, 'me'));
    expect(await row(free.id)).toMatchObject({ claim: 'me', paid_by: 'me' });
    expect(await row(held.id)).toMatchObject({ claim: 'other', paid_by: 'me' });
  });

  test('of several orders at once, each by its own payment, where nobody did; the closed ones are named', async () => {
    const orders = [await open(), await open(), await open()];
    const [taken, closed, plain] = orders.map(({ id }) => id) as [string, string, string];
    await inTx((tx) => pay(tx, taken, 'other'));
    await cancelOrder(rig.deps.store.db, closed);
    const paid = await inTx((tx) =>
      markPaid(
        tx,
        orders.map(({ id }) => ({ orderId: id, paymentId: `me of ${id}` })),
      ),
    );
    expect(paid).toHaveLength(2);
    expect(paid).toEqual(
      expect.arrayContaining([
        { orderId: closed, closed: true },
        { orderId: plain, closed: false },
      ]),
    );
    expect((await row(taken)).paid_by).toBe('other');
    expect((await row(plain)).paid_by).toBe(`me of ${plain}`);
  });

  test('D11: transactions that pay the same orders, named in other orders, wait in line and not for each other', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, async () => (await open()).id));
    const orders = [ids, [...ids].reverse(), [...ids.slice(6), ...ids.slice(0, 6)]];
    let begun = 0;
    const paid = await Promise.all(
      Array.from({ length: 9 }, (_, n) =>
        inTx(async (tx) => {
          begun += 1;
          const mine = orders[n % orders.length] ?? [];
          await lockEach(tx, 'orders', mine);
          return markPaid(
            tx,
            mine.map((orderId) => ({ orderId, paymentId: `payment-${n}` })),
          );
        }),
      ),
    );
    expect(paid.map((rows) => rows.length).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 12]);
    expect(begun, 'none was a deadlock and began again').toBe(9);
  });

  test('the same payment again changes nothing', async () => {
    const order = await open();
    expect(await inTx((tx) => pay(tx, order.id, 'me'))).toBe(true);
    const before = await row(order.id);
    await rig.test.advance(1_000);
    expect(await inTx((tx) => pay(tx, order.id, 'me'))).toBe(true);
    expect(await row(order.id)).toEqual(before);
  });

  test('stops being approved: only the payment that paid can take it back, once', async () => {
    const order = await open();
    await inTx((tx) => pay(tx, order.id, 'me'));
    expect(await inTx((tx) => unmarkPaid(tx, order.id, 'other'))).toBe(false);
    expect((await row(order.id)).paid_by).toBe('me');
    expect(await inTx((tx) => unmarkPaid(tx, order.id, 'me'))).toBe(true);
    expect(await inTx((tx) => unmarkPaid(tx, order.id, 'me'))).toBe(false);
    expect((await row(order.id)).paid_by).toBeNull();
  });
});
