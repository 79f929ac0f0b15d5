import { expect, test } from 'vitest';
import { isLocale, negotiateLocale } from './locale.ts';

test.each([
  ['fil', 'en-PH', 'fil'],
  ['en', 'fil-PH,fil;q=0.9', 'en'],
  ['de', 'fil', 'fil'],
  [undefined, null, 'en'],
  [undefined, '', 'en'],
  [undefined, 'fil-PH,fil;q=0.9,en;q=0.8', 'fil'],
  [undefined, 'tl-PH', 'fil'],
  [undefined, 'TL', 'fil'],
  [undefined, 'en-US,en;q=0.9,fil;q=0.8', 'en'],
  [undefined, 'en;q=0.5, fil;q=0.7', 'fil'],
  [undefined, 'en;q=0, fil;q=0.1', 'fil'],
  [undefined, 'ceb-PH,de;q=0.9', 'en'],
  [undefined, ';;;,q=1,fil;q=x', 'fil'],
  [undefined, '__proto__,constructor', 'en'],
] as const)('cookie %s and Accept-Language %s lead to %s', (cookie, header, locale) => {
  expect(negotiateLocale(cookie, header)).toBe(locale);
});

test('only the two languages are locales', () => {
  expect(['en', 'fil', 'tl', '', undefined, 3].filter(isLocale)).toEqual(['en', 'fil']);
});
