import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleCatalogue } from './sample-catalogue.ts';
import { lineKey, priceSelection } from './selection.ts';

const item = async (id: string) => {
  const found = await sampleCatalogue.find(id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};

describe('what a selection costs', () => {
  test('without choices the first of each option', async () => {
    expect(priceSelection(await item('barako'), { itemId: 'barako' })).toEqual({
      itemId: 'barako',
      name: 'Kapeng Barako',
      detail: '250 g, Whole beans',
      unitCentavos: 38_500,
      inFilipino: { name: 'Kapeng Barako', detail: '250 g, Buong butil' },
    });
  });

  test('choices add what they cost', async () => {
    const choices = { size: '500', grind: 'drip' };
    expect(priceSelection(await item('barako'), { itemId: 'barako', choices })).toMatchObject({
      detail: '500 g, For drip',
      unitCentavos: 72_500,
    });
  });

  test.each<Record<string, string>[]>([
    [{ size: '1000' }],
    [{ milk: 'oat' }],
    [{ constructor: 'x' }],
    [{ size: '' }],
  ])('unknown choices %j can’t be had', async (choices) => {
    expect(priceSelection(await item('barako'), { itemId: 'barako', choices })).toBeNull();
  });

  test('C9: whatever number stands in its place, a bill costs exactly that, whole and within the limits, or can’t be had', async () => {
    const bill = await item('my-bill');
    const { minCentavos, maxCentavos } = bill.amount ?? { minCentavos: 0, maxCentavos: 0 };
    const numbers = fc.oneof(
      fc.double(),
      fc.integer({ min: minCentavos - 5, max: maxCentavos + 5 }),
      fc.constantFrom(-0, 1e21, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER + 2, minCentavos + 0.001),
    );
    fc.assert(
      fc.property(numbers, (amountCentavos) => {
        const priced = priceSelection(bill, { itemId: 'my-bill', amountCentavos });
        const right =
          Number.isInteger(amountCentavos) && amountCentavos >= minCentavos && amountCentavos <= maxCentavos;
        expect(priced?.unitCentavos ?? null).toBe(right ? amountCentavos : null);
      }),
    );
  });

  test('C9: an amount is for bills alone, whole centavos within the limits', async () => {
    const bill = await item('my-bill');
    const paying = (amountCentavos: number) =>
      priceSelection(bill, { itemId: 'my-bill', amountCentavos })?.unitCentavos ?? null;
    expect([2_000, 123_456, 2_000_000].map(paying)).toEqual([2_000, 123_456, 2_000_000]);
    expect([1_999, 2_000_001, 0, -5_000, 2_000.5, Number.NaN, 1e21, Infinity].map(paying)).toEqual(
      Array(8).fill(null),
    );
    expect(priceSelection(bill, { itemId: 'my-bill' })).toBeNull();
    expect(priceSelection(await item('mug'), { itemId: 'mug', amountCentavos: 2_000 })).toBeNull();
  });
});

test('the same choices are the same line, said or not; a bill is one line', async () => {
  const barako = await item('barako');
  const all = { itemId: 'barako', choices: { size: '250', grind: 'whole' } };
  expect(lineKey(barako, { itemId: 'barako' })).toBe(lineKey(barako, all));
  expect(lineKey(barako, { itemId: 'barako', choices: { grind: 'drip' } })).toBe(
    'barako.size-250.grind-drip',
  );
  const bill = await item('my-bill');
  expect(lineKey(bill, { itemId: 'my-bill', amountCentavos: 5_000 })).toBe('my-bill');
});

test('the sample catalogue says everything in both languages, at prices in whole centavos', async () => {
  const items = await sampleCatalogue.list();
  expect(items.length).toBeGreaterThanOrEqual(12);
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  for (const one of items) {
    const texts = [
      one.name,
      one.description,
      one.section,
      ...one.options.flatMap((option) => [option.name, ...option.choices.map(({ name }) => name)]),
    ];
    for (const { en, fil } of texts) expect(en && fil, one.id).toBeTruthy();
    expect(one.id).toMatch(/^[a-z0-9-]{1,40}$/);
    expect(Number.isInteger(one.priceCentavos)).toBe(true);
    expect(one.priceCentavos > 0).toBe(one.amount === undefined);
  }
});
