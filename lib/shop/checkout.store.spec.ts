import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { claimOrder } from '../orders/claim.ts';
import { findOrder, listOrders, type Owner } from '../orders/order.ts';
import { putInCart, readCart } from './cart.ts';
import type { Catalogue, CatalogueItem } from './catalogue.ts';
import { checkOut } from './checkout.ts';

let rig: Rig;
let owner: Owner;
let barako: { name: string; priceCentavos: number };

const catalogue: Catalogue = {
  list: async () => [],
  find: async (id) => (id === 'barako' ? forSale(barako) : null),
};

const forSale = ({ name, priceCentavos }: typeof barako): CatalogueItem => ({
  id: 'barako',
  name: { en: name, fil: name },
  description: { en: '', fil: '' },
  section: { en: '', fil: '' },
  picture: '',
  priceCentavos,
  options: [],
});

beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('checkout calls nobody')));
});
afterAll(() => rig.close());
beforeEach(async () => {
  owner = await makeSession(rig.deps);
  barako = { name: 'Kapeng Barako', priceCentavos: 38_500 };
  await set(2);
});

const deps = () => ({ ...rig.deps, catalogue, limits: { minCentavos: 100, maxCentavos: 10_000_000 } });
const set = (quantity: number) => putInCart(deps(), owner.row, { itemId: 'barako' }, () => quantity);
const quote = async () => (await readCart(deps(), owner.row)).quote;
const orders = () => listOrders(rig.deps.store.db, owner);

/** Asserts that nothing was ordered. */
async function refused(shown: string, reason: string, limits = deps().limits): Promise<void> {
  expect(await checkOut({ ...deps(), limits }, owner, shown)).toEqual({ kind: 'refused', reason });
  expect(await orders()).toEqual([]);
}

test('the cart that was shown becomes an order with its lines and its total', async () => {
  const checkout = await checkOut(deps(), owner, await quote());
  expect(checkout).toEqual({ kind: 'order', orderId: expect.any(String) });
  expect(await orders()).toMatchObject([
    {
      lines: [{ itemId: 'barako', name: 'Kapeng Barako', unitCentavos: 38_500, quantity: 2 }],
      totalCentavos: 77_000,
      state: 'open',
    },
  ]);
});

test('C4: twice, or twenty times at once, it is the same order', async () => {
  const shown = await quote();
  const first = await checkOut(deps(), owner, shown);
  const more = await Promise.all(Array.from({ length: 20 }, () => checkOut(deps(), owner, shown)));
  expect(new Set([first, ...more].map((checkout) => JSON.stringify(checkout))).size).toBe(1);
  expect(await orders()).toHaveLength(1);
});

describe('C10: what was shown is no longer what is there', () => {
  test('a price went up, or down: nothing is ordered, and the new quote works', async () => {
    for (const priceCentavos of [38_501, 38_499]) {
      const shown = await quote();
      barako.priceCentavos = priceCentavos;
      await refused(shown, 'cart_changed');
    }
    expect(await checkOut(deps(), owner, await quote())).toMatchObject({ kind: 'order' });
    expect(await orders()).toMatchObject([{ totalCentavos: 76_998 }]);
  });

  test('a quantity was changed in another tab', async () => {
    const shown = await quote();
    await set(3);
    await refused(shown, 'cart_changed');
  });

  test('a quote that was never given', async () => {
    await refused('0'.repeat(16), 'cart_changed');
    await refused('', 'cart_changed');
  });

  test('a price that changes later changes no order', async () => {
    const checkout = await checkOut(deps(), owner, await quote());
    barako.priceCentavos = 99_900;
    const order = await findOrder(
      rig.deps.store.db,
      checkout.kind === 'order' ? checkout.orderId : '',
      owner,
    );
    expect(order).toMatchObject({ totalCentavos: 77_000, lines: [{ unitCentavos: 38_500 }] });
  });
});

describe('nothing to order', () => {
  test('an empty cart, whatever its quote', async () => {
    const shown = await quote();
    await set(0);
    await refused(shown, 'cart_empty');
    await refused(await quote(), 'cart_empty');
  });

  test('a cart whose order is being paid', async () => {
    const shown = await quote();
    await checkOut(deps(), owner, shown);
    const [order] = await orders();
    const claim = { orderId: order?.id ?? '', paymentId: 'me', version: 1, totalCentavos: 77_000 };
    expect(await rig.deps.store.transaction((tx) => claimOrder(tx, claim))).toBe(true);
    expect(await checkOut(deps(), owner, shown)).toEqual({ kind: 'refused', reason: 'cart_empty' });
    expect(await orders()).toHaveLength(1);
  });
});

describe('C9: the limits of an amount', () => {
  test.each([
    ['below the least', { minCentavos: 77_001, maxCentavos: 100_000 }],
    ['above the most', { minCentavos: 100, maxCentavos: 76_999 }],
  ])('%s: refused', async (_name, limits) => {
    await refused(await quote(), 'amount', limits);
  });

  test('exactly the least and the most: ordered', async () => {
    const limits = { minCentavos: 77_000, maxCentavos: 77_000 };
    expect(await checkOut({ ...deps(), limits }, owner, await quote())).toMatchObject({ kind: 'order' });
  });
});
