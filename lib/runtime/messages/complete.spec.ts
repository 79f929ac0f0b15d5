import { expect, test } from 'vitest';
import { catalogueProblems } from './complete.ts';
import en from './en.json' with { type: 'json' };
import fil from './fil.json' with { type: 'json' };

test('Filipino says everything that English says, with the same values', () => {
  expect(catalogueProblems(en, fil)).toEqual([]);
});

test('only what is the same word in both is the same text in both', () => {
  const same = Object.entries(en).flatMap(([group, texts]) =>
    Object.entries(texts).flatMap(([key, text]) =>
      (fil as unknown as Record<string, Record<string, string>>)[group]?.[key] === text
        ? [`${group}.${key}`]
        : [],
    ),
  );
  expect(same).toEqual([
    'site.shop',
    'site.cart',
    'headings.checkout',
    'shop.pickUp',
    'item.extra',
    'order.account',
    'order.mayaWallet',
    'order.reference',
    'order.pickUpCode',
    'order.quantityOf',
  ]);
});

test('every kind of gap is found', () => {
  const model = { a: { one: 'x {amount}', two: 'y', three: '{n, plural, one {# a} other {# b}}' }, b: 'z' };
  const other = { a: { one: 'x {sum}', three: '{n, plural, other {# c}}', four: 'w' }, b: ' ' };
  expect(catalogueProblems(model, other)).toEqual([
    'a.one: takes sum instead of amount',
    'a.two: is missing',
    'b: is empty',
    'a.four: is in no other language',
  ]);
  expect(catalogueProblems(model, model)).toEqual([]);
});
