import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderRow } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import type { Tx } from '../db/store.ts';
import { claimOrder, markPaid, passClaim } from './claim.ts';
import { cancelOrder, closeLapsed } from './close-order.ts';
import type { Order } from './order.ts';

const LIFETIME = 30 * 60_000;

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('an order calls nobody')));
});
afterAll(() => rig.close());

const transaction = <T>(work: (tx: Tx) => Promise<T>) => rig.deps.store.transaction(work);
const open = async () => makeOrder(rig.deps, await makeSession(rig.deps));
const row = (id: string) => orderRow(rig.deps, id);

const claim = ({ id, version, totalCentavos }: Order) =>
  transaction((tx) => claimOrder(tx, { orderId: id, paymentId: 'me', version, totalCentavos }));
const pay = ({ id }: Order) => transaction((tx) => markPaid(tx, [{ orderId: id, paymentId: 'me' }]));

/** What bars closing an order: it may be charged, or it was. */
const BARRED: [string, (order: Order) => Promise<unknown>][] = [
  ['claimed', claim],
  ['paid', pay],
  ['claimed and paid', async (order) => [await claim(order), await pay(order)]],
];

describe('cancelling', () => {
  test('closes an open order; whatever page showed it before pays nothing', async () => {
    const order = await open();
    expect(await cancelOrder(rig.deps.store.db, order.id)).toBe(true);
    expect(await row(order.id)).toMatchObject({ state: 'cancelled', version: order.version + 1 });
    expect(await claim(order)).toBe(false);
  });

  test.each(BARRED)('C29: is refused while the order is %s', async (_name, happened) => {
    const order = await open();
    await happened(order);
    const before = await row(order.id);
    expect(await cancelOrder(rig.deps.store.db, order.id)).toBe(false);
    expect(await row(order.id)).toEqual(before);
  });

  test('C29: is possible again once the payment was declined', async () => {
    const order = await open();
    await claim(order);
    await transaction((tx) => passClaim(tx, order.id, 'me', null));
    expect(await cancelOrder(rig.deps.store.db, order.id)).toBe(true);
  });

  test('twice, or of an order that has expired, does nothing', async () => {
    const [cancelled, expired] = [await open(), await open()];
    await cancelOrder(rig.deps.store.db, cancelled.id);
    expect(await cancelOrder(rig.deps.store.db, cancelled.id)).toBe(false);
    await rig.test.advance(LIFETIME);
    await closeLapsed(rig.deps.store.db, { id: expired.id });
    expect(await cancelOrder(rig.deps.store.db, expired.id)).toBe(false);
    expect(await row(expired.id)).toMatchObject({ state: 'expired' });
  });

  test('of an order that is not there does nothing', async () => {
    expect(await cancelOrder(rig.deps.store.db, rig.deps.ids.key())).toBe(false);
  });

  test('twenty at once cancel once', async () => {
    const order = await open();
    const cancelled = await Promise.all(
      Array.from({ length: 20 }, () => cancelOrder(rig.deps.store.db, order.id)),
    );
    expect(cancelled.filter(Boolean)).toHaveLength(1);
    expect(await row(order.id)).toMatchObject({ version: order.version + 1 });
  });
});

describe('expiring', () => {
  test('closes what nobody paid in time, not a millisecond before', async () => {
    const order = await open();
    await rig.test.advance(LIFETIME - 1);
    expect(await closeLapsed(rig.deps.store.db, { id: order.id })).toBe(0);
    await rig.test.advance(1);
    expect(await closeLapsed(rig.deps.store.db, { id: order.id })).toBe(1);
    expect(await row(order.id)).toMatchObject({ state: 'expired', version: order.version + 1 });
    expect(await closeLapsed(rig.deps.store.db, { id: order.id })).toBe(0);
  });

  test.each(BARRED)('C29: not an order that is %s, however old', async (_name, happened) => {
    const order = await open();
    await happened(order);
    await rig.test.advance(24 * 60 * 60_000);
    const before = await row(order.id);
    expect(await closeLapsed(rig.deps.store.db, { id: order.id })).toBe(0);
    expect(await row(order.id)).toEqual(before);
  });

  test('of one cart’s version leaves the others', async () => {
    const [one, other] = [await open(), await open()];
    await rig.test.advance(LIFETIME);
    const { sessionRow, cartVersion } = one;
    expect(await closeLapsed(rig.deps.store.db, { sessionRow, cartVersion: cartVersion + 1 })).toBe(0);
    expect(await closeLapsed(rig.deps.store.db, { sessionRow, cartVersion })).toBe(1);
    expect(await row(other.id)).toMatchObject({ state: 'open' });
  });

  test('of all takes every lapsed one, and no other', async () => {
    await rig.test.advance(LIFETIME);
    await closeLapsed(rig.deps.store.db, 'all');
    const lapsed = await Promise.all([open(), open(), open()]);
    const cancelled = await open();
    await cancelOrder(rig.deps.store.db, cancelled.id);
    await rig.test.advance(LIFETIME);
    const young = await open();
    expect(await closeLapsed(rig.deps.store.db, 'all')).toBe(3);
    for (const { id } of lapsed) expect(await row(id)).toMatchObject({ state: 'expired' });
    expect(await row(cancelled.id)).toMatchObject({ state: 'cancelled' });
    expect(await row(young.id)).toMatchObject({ state: 'open' });
  });
});
