import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { claimOrder } from '../orders/claim.ts';
import { findOrder } from '../orders/order.ts';
import { placeOrder } from '../orders/place-order.ts';
import { changeQuantity, MAX_QUANTITY, putInCart, readCart } from './cart.ts';
import type { Catalogue, CatalogueItem } from './catalogue.ts';

let rig: Rig;
let session: string;
/** What is for sale at the moment. */
let items: Map<string, CatalogueItem>;

const catalogue: Catalogue = {
  list: async () => [...items.values()],
  find: async (id) => items.get(id) ?? null,
};
const sell = (id: string, priceCentavos: number, name = `One ${id}`) =>
  items.set(id, {
    id,
    name: { en: name, fil: `Isang ${id}` },
    description: { en: '', fil: '' },
    section: { en: '', fil: '' },
    picture: '',
    priceCentavos,
    options: [],
  });

beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('a cart calls nobody')));
});
afterAll(() => rig.close());
beforeEach(async () => {
  session = (await makeSession(rig.deps)).row;
  items = new Map();
  sell('barako', 38_500);
  sell('tablea', 22_050);
});

const deps = () => ({ store: rig.deps.store, catalogue });
const read = () => readCart(deps(), session);
const add = (id: string) => putInCart(deps(), session, { itemId: id }, (present) => present + 1);
const set = (id: string, quantity: number) => putInCart(deps(), session, { itemId: id }, () => quantity);
const held = async () => (await read()).lines.map(({ itemId, quantity }) => `${quantity} ${itemId}`);

describe('a cart', () => {
  test('is empty at first', async () => {
    expect(await read()).toMatchObject({ version: 0, lines: [], totalCentavos: 0 });
  });

  test('takes things one by one, in the order they came, at today’s prices', async () => {
    expect(await add('tablea')).toBe(true);
    expect(await add('barako')).toBe(true);
    expect(await add('tablea')).toBe(true);
    expect(await read()).toMatchObject({
      version: 3,
      lines: [
        { itemId: 'tablea', name: 'One tablea', unitCentavos: 22_050, quantity: 2 },
        { itemId: 'barako', name: 'One barako', unitCentavos: 38_500, quantity: 1 },
      ],
      totalCentavos: 82_600,
    });
  });

  test('holds as many as it was set to, in the same place; 0 takes it out', async () => {
    await add('tablea');
    await add('barako');
    await set('tablea', 7);
    expect(await held()).toEqual(['7 tablea', '1 barako']);
    await set('tablea', 0);
    expect(await held()).toEqual(['1 barako']);
    await set('barako', 0);
    expect(await read()).toMatchObject({ lines: [], totalCentavos: 0 });
  });

  test.each([
    [MAX_QUANTITY, 20],
    [MAX_QUANTITY + 1, 20],
    [1e9, 20],
    [-1, 0],
    [2.9, 2],
  ])('asked for %d, holds %d', async (asked, holds) => {
    expect(await set('barako', asked)).toBe(true);
    expect(await held()).toEqual(holds > 0 ? [`${holds} barako`] : []);
  });

  test('changes the quantity of what it holds, and of nothing else', async () => {
    await add('tablea');
    expect(await changeQuantity(deps(), session, 'tablea', 4)).toBe(true);
    expect(await changeQuantity(deps(), session, 'barako', 4)).toBe(false);
    expect(await held()).toEqual(['4 tablea']);
    expect((await read()).lines).toMatchObject([{ key: 'tablea', single: false }]);
  });

  test('what is no longer for sale can be taken out', async () => {
    await add('tablea');
    items.delete('tablea');
    expect(await changeQuantity(deps(), session, 'tablea', 0)).toBe(true);
    sell('tablea', 22_050);
    expect(await held()).toEqual([]);
  });

  test('the same thing with other choices is another line', async () => {
    const option = (id: string, ...ids: string[]) => ({
      id,
      name: { en: id, fil: id },
      choices: ids.map((choice, index) => ({
        id: choice,
        name: { en: choice, fil: choice },
        extraCentavos: index * 500,
      })),
    });
    const barako = items.get('barako');
    if (barako) items.set('barako', { ...barako, options: [option('size', 'small', 'big')] });
    const want = (size: string, more: number) =>
      putInCart(deps(), session, { itemId: 'barako', choices: { size } }, (present) => present + more);
    expect(await want('small', 1)).toBe(true);
    expect(await want('big', 2)).toBe(true);
    expect(await want('small', 1)).toBe(true);
    expect(await want('huge', 1)).toBe(false);
    expect((await read()).lines).toMatchObject([
      { key: 'barako.size-small', detail: 'small', unitCentavos: 38_500, quantity: 2 },
      { key: 'barako.size-big', detail: 'big', unitCentavos: 39_000, quantity: 2 },
    ]);
  });

  test('C9: a bill stands there once, with the amount said last, within its limits', async () => {
    const bill = items.get('tablea');
    if (bill) items.set('bill', { ...bill, id: 'bill', amount: { minCentavos: 2_000, maxCentavos: 9_000 } });
    const say = (amountCentavos: number) =>
      putInCart(deps(), session, { itemId: 'bill', amountCentavos }, (present) => present + 1);
    expect(await say(2_000)).toBe(true);
    expect(await say(9_000)).toBe(true);
    expect(await say(9_001)).toBe(false);
    expect(await changeQuantity(deps(), session, 'bill', 7)).toBe(true);
    expect(await read()).toMatchObject({
      lines: [{ unitCentavos: 9_000, quantity: 1, single: true }],
      totalCentavos: 9_000,
    });
  });

  test('takes no twenty-first of a thing', async () => {
    await set('barako', 19);
    await add('barako');
    await add('barako');
    expect(await held()).toEqual(['20 barako']);
  });

  test('takes thirty kinds of things, says no to one more, and still changes what it has', async () => {
    for (let n = 0; n < 31; n += 1) sell(`thing-${n}`, 100);
    for (let n = 0; n < 30; n += 1) expect(await add(`thing-${n}`)).toBe(true);
    const full = await read();
    expect(await add('thing-30')).toBe(false);
    expect(await read()).toEqual(full);
    expect(await add('thing-0')).toBe(true);
    expect(await set('thing-1', 0)).toBe(true);
    expect(await add('thing-30')).toBe(true);
  });

  test('refuses what is not for sale, and stays as it was', async () => {
    await add('barako');
    const before = await read();
    expect(await add('unheard-of')).toBe(false);
    expect(await set('__proto__', 3)).toBe(false);
    expect(await read()).toEqual(before);
  });

  test('leaves out what is for sale no longer, and has it again when it is back', async () => {
    await add('barako');
    await set('tablea', 2);
    items.delete('tablea');
    expect(await read()).toMatchObject({ lines: [{ itemId: 'barako' }], totalCentavos: 38_500 });
    sell('tablea', 25_000);
    expect(await read()).toMatchObject({ totalCentavos: 88_500 });
  });

  test('is its session’s alone', async () => {
    await add('barako');
    const other = (await makeSession(rig.deps)).row;
    expect(await readCart(deps(), other)).toMatchObject({ version: 0, lines: [] });
  });
});

describe('C10: the quote names exactly what was shown', () => {
  test('the same as long as nothing changes', async () => {
    await add('barako');
    expect((await read()).quote).toBe((await read()).quote);
    expect((await read()).quote).toMatch(/^[0-9a-f]{16}$/);
  });

  test.each<[string, () => unknown]>([
    ['a price', () => sell('barako', 38_501)],
    ['a name', () => sell('barako', 38_500, 'Barako, smaller')],
    ['a quantity', () => set('barako', 2)],
    ['another thing', () => add('tablea')],
    ['what is for sale', () => items.delete('barako')],
  ])('another one when %s changes', async (_name, change) => {
    await add('barako');
    const { quote } = await read();
    await change();
    expect((await read()).quote).not.toBe(quote);
  });

  test('another one for the same things after a change and back', async () => {
    await add('barako');
    const { quote } = await read();
    await add('tablea');
    await set('tablea', 0);
    expect((await read()).quote).not.toBe(quote);
  });
});

describe('changes that meet', () => {
  test('two of one thing both count', async () => {
    await Promise.all([add('barako'), add('barako')]);
    expect(await held()).toEqual(['2 barako']);
  });

  test('two of different things both stay, from two processes', async () => {
    const other = await makeRig(() => Promise.reject(new Error('a cart calls nobody')), { test: rig.test });
    await Promise.all([
      add('barako'),
      putInCart({ store: other.deps.store, catalogue }, session, { itemId: 'tablea' }, () => 3),
    ]);
    expect(new Set(await held())).toEqual(new Set(['1 barako', '3 tablea']));
    expect(await read()).toMatchObject({ version: 2 });
  });

  test('four at once in a cart that holds something already all count', async () => {
    await add('tablea');
    await Promise.all(Array.from({ length: 4 }, () => add('barako')));
    expect(await held()).toEqual(['1 tablea', '4 barako']);
  });
});

describe('a cart whose order is being paid', () => {
  async function paying() {
    await set('barako', 2);
    const { version, lines, totalCentavos } = await read();
    const owner = { row: session, customerId: null };
    const orderId = await placeOrder(rig.deps, owner, version, lines);
    const order = await findOrder(rig.deps.store.db, orderId, owner);
    const claim = { orderId, paymentId: 'payment-1', version: order?.version ?? 0, totalCentavos };
    const open = () => rig.deps.store.transaction((tx) => claimOrder(tx, claim));
    return { version, open, order: () => findOrder(rig.deps.store.db, orderId, owner) };
  }

  test('is full until the payment is opened, then empty', async () => {
    const { open } = await paying();
    expect(await held()).toEqual(['2 barako']);
    expect(await open()).toBe(true);
    expect(await read()).toMatchObject({ lines: [], totalCentavos: 0 });
  });

  test('starts anew with the next thing, and the order keeps its own', async () => {
    const { version, open, order } = await paying();
    await open();
    await add('tablea');
    expect(await read()).toMatchObject({ version: version + 1, lines: [{ itemId: 'tablea', quantity: 1 }] });
    expect(await order()).toMatchObject({ lines: [{ itemId: 'barako', quantity: 2 }] });
  });
});
