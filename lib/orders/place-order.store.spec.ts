import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { claimOrder, markPaid } from './claim.ts';
import { cancelOrder } from './close-order.ts';
import { findOrder, type OrderLine, type Owner, totalOf } from './order.ts';
import { ORDER_LIFETIME_MS, placeOrder } from './place-order.ts';

const LINES: OrderLine[] = [
  { itemId: 'barako-250', name: 'Kapeng Barako, 250 g', unitCentavos: 38_500, quantity: 2 },
  { itemId: 'tablea-12', name: 'Tablea de Davao, 12 pieces', unitCentavos: 22_050, quantity: 1 },
];
const TOTAL = 99_050;

let rig: Rig;
let owner: Owner;

beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('an order calls nobody')));
});
afterAll(() => rig.close());
beforeEach(async () => {
  owner = await makeSession(rig.deps);
});

const place = (cartVersion = 1, lines = LINES) => placeOrder(rig.deps, owner, cartVersion, lines);
const find = (id: string) => findOrder(rig.deps.store.db, id, owner);
const ordersOfSession = () =>
  rig.deps.store.db
    .selectFrom('orders')
    .select(['id', 'state'])
    .where('session_id', '=', owner.row)
    .execute();

test('checkout fixes lines and total, and leaves half an hour to pay', async () => {
  const now = rig.test.clock.now();
  expect(await find(await place())).toEqual({
    id: expect.any(String),
    sessionRow: owner.row,
    cartVersion: 1,
    state: 'open',
    version: 1,
    totalCentavos: TOTAL,
    lines: LINES,
    claim: null,
    paidBy: null,
    expiresAtMs: now + 30 * 60_000,
    createdAtMs: now,
    updatedAtMs: now,
  });
});

describe('a cart version gives one order', () => {
  test('checkout again leads to it, as it was', async () => {
    const id = await place();
    const before = await find(id);
    await rig.test.advance(ORDER_LIFETIME_MS - 1);
    expect(await place()).toBe(id);
    expect(await find(id)).toEqual(before);
  });

  test('twenty checkouts at once, of two processes, make one order', async () => {
    const other = await makeRig(() => Promise.reject(new Error('an order calls nobody')), { test: rig.test });
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, n) => placeOrder((n % 2 ? rig : other).deps, owner, 1, LINES)),
    );
    expect(new Set(ids).size).toBe(1);
    expect(await ordersOfSession()).toHaveLength(1);
  });

  test('another version, or another session, makes another', async () => {
    const id = await place(1);
    expect(await place(2)).not.toBe(id);
    const { row } = await makeSession(rig.deps);
    expect(await placeOrder(rig.deps, { row, customerId: null }, 1, LINES)).not.toBe(id);
  });
});

describe('where that order lives no more', () => {
  test('a lapsed one is expired, and a new one made', async () => {
    const lapsed = await place();
    await rig.test.advance(ORDER_LIFETIME_MS);
    const id = await place();
    expect(id).not.toBe(lapsed);
    expect(await find(lapsed)).toMatchObject({ state: 'expired', version: 2 });
    expect(await find(id)).toMatchObject({ state: 'open', expiresAtMs: rig.test.clock.now() + 30 * 60_000 });
  });

  test('twenty at once still make one new one', async () => {
    await place();
    await rig.test.advance(ORDER_LIFETIME_MS);
    const ids = await Promise.all(Array.from({ length: 20 }, () => place()));
    expect(new Set(ids).size).toBe(1);
    const states = (await ordersOfSession()).map(({ state }) => state).sort();
    expect(states).toEqual(['expired', 'open']);
  });

  test('a cancelled one is followed by a new one', async () => {
    const cancelled = await place();
    await cancelOrder(rig.deps.store.db, cancelled);
    expect(await place()).not.toBe(cancelled);
  });
});

describe('C10: where a price changed since', () => {
  const dearer = [{ ...(LINES[0] as OrderLine), unitCentavos: 99_900 }];

  test('the old order is closed and one at the new price made', async () => {
    const old = await place();
    const id = await place(1, dearer);
    expect(await find(old)).toMatchObject({ state: 'cancelled' });
    expect(await find(id)).toMatchObject({ state: 'open', totalCentavos: totalOf(dearer) });
  });

  test('but not while a payment holds it', async () => {
    const old = await place();
    await rig.deps.store.db.updateTable('orders').set({ claim: 'payment-1' }).where('id', '=', old).execute();
    expect(await place(1, dearer)).toBe(old);
    expect(await find(old)).toMatchObject({ state: 'open', totalCentavos: TOTAL });
  });
});

describe('an order that somebody pays or paid', () => {
  test('does not lapse: checkout leads to it', async () => {
    const id = await place();
    const claim = { orderId: id, paymentId: 'payment-1', version: 1, totalCentavos: TOTAL };
    expect(await rig.deps.store.transaction((tx) => claimOrder(tx, claim))).toBe(true);
    await rig.test.advance(ORDER_LIFETIME_MS);
    expect(await place()).toBe(id);
    await rig.deps.store.transaction((tx) => markPaid(tx, [{ orderId: id, paymentId: 'payment-1' }]));
    expect(await place()).toBe(id);
    expect(await find(id)).toMatchObject({ state: 'open', paidBy: 'payment-1' });
  });
});
