import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeOrder, makeRig, makeSession, type Rig, SAMPLE_LINES } from '#e2e/rig/rig.ts';
import { findOrder, listOrders, type Owner, totalOf } from './order.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('an order calls nobody')));
});
afterAll(() => rig.close());

const find = (id: string, owner: Owner) => findOrder(rig.deps.store.db, id, owner);
const list = async (owner: Owner) => (await listOrders(rig.deps.store.db, owner)).map(({ id }) => id);

/** A session with one order. */
async function shopper(customerId?: string) {
  const session = await makeSession(rig.deps, customerId === undefined ? {} : { customerId });
  const order = await makeOrder(rig.deps, session);
  return { order, owner: session };
}

describe('C42: whose order it is', () => {
  test('its session’s', async () => {
    const { order, owner } = await shopper();
    expect(await find(order.id, owner)).toEqual(order);
    expect(await list(owner)).toEqual([order.id]);
  });

  test('and every session’s of the same verified customer', async () => {
    const [first, later] = [await shopper('maria'), await shopper('maria')];
    expect(await find(first.order.id, later.owner)).toEqual(first.order);
    expect(new Set(await list(later.owner))).toEqual(new Set([first.order.id, later.order.id]));
  });

  test('never another one’s: two customers who are not known are not the same', async () => {
    const [mine, yours] = [await shopper(), await shopper()];
    expect(await find(mine.order.id, yours.owner)).toBeNull();
    expect(await list(yours.owner)).toEqual([yours.order.id]);
  });

  test('whoever asks: an order is found by its session or its known customer, by nobody else', async () => {
    const customers = [undefined, 'maria', 'pedro'];
    const shoppers = await Promise.all([...customers, ...customers].map((customer) => shopper(customer)));
    const someone = fc.constantFrom(...shoppers);
    const strangerRow = fc.uuid();
    const customerId = fc.constantFrom(null, 'maria', 'pedro', '', 'null', 'undefined', 'MARIA');
    const row = fc.oneof(strangerRow, fc.constantFrom(...shoppers.map(({ owner }) => owner.row)));
    await fc.assert(
      fc.asyncProperty(someone, fc.record({ row, customerId }), async ({ order, owner }, asking) => {
        const sameSession = asking.row === owner.row;
        const sameCustomer = owner.customerId !== null && asking.customerId === owner.customerId;
        const mayRead = sameSession || sameCustomer;
        expect(await find(order.id, asking)).toEqual(mayRead ? order : null);
        expect((await list(asking)).includes(order.id)).toBe(mayRead);
      }),
      { numRuns: 60 },
    );
  });

  test('an order that is not there is like somebody else’s', async () => {
    const { owner } = await shopper('maria');
    for (const id of [rig.deps.ids.key(), '', "' or '1'='1", '%']) expect(await find(id, owner)).toBeNull();
  });
});

describe('the list', () => {
  test('has the newest first, at most fifty', async () => {
    const session = await makeSession(rig.deps);
    const ids: string[] = [];
    for (let made = 0; made < 52; made += 1) {
      ids.unshift((await makeOrder(rig.deps, session)).id);
      await rig.test.advance(1);
    }
    expect(await list({ row: session.row, customerId: null })).toEqual(ids.slice(0, 50));
  });

  test('is empty for whoever ordered nothing', async () => {
    const { row } = await makeSession(rig.deps, { customerId: 'nobody before' });
    expect(await list({ row, customerId: 'nobody before' })).toEqual([]);
  });
});

test('the total is the sum of the lines, in centavos', () => {
  expect(totalOf([])).toBe(0);
  expect(totalOf(SAMPLE_LINES)).toBe(149_950);
  const line = fc.record({
    itemId: fc.string(),
    name: fc.string(),
    unitCentavos: fc.nat({ max: 10_000_000 }),
    quantity: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const exact = lines.reduce(
        (sum, { unitCentavos, quantity }) => sum + BigInt(unitCentavos * quantity),
        0n,
      );
      expect(BigInt(totalOf(lines))).toBe(exact);
    }),
  );
});
