import { expect, test } from 'vitest';
import en from '../lib/runtime/messages/en.json' with { type: 'json' };
import fil from '../lib/runtime/messages/fil.json' with { type: 'json' };
import { outcomeWords, type State } from './outcome-words.ts';

const STATES: State[] = [
  'open',
  'creating',
  'created',
  'executing',
  'approved',
  'declined',
  'failed',
  'review',
  'expired',
  'cancelled',
];
const REASONS = [null, '20101', '20105', '20301', '20000', 'PY0105', 'PY0123', 'money_differs', 'toString'];

const textIn = (texts: object, key: string): string =>
  key.split('.').reduce<unknown>((found, part) => (found as Record<string, unknown>)[part], texts) as string;

test('what is said of a payment over ECommPay never speaks of Maya, in either language', () => {
  for (const state of STATES)
    for (const reason of REASONS)
      for (const texts of [en, fil]) {
        const text = textIn(texts, outcomeWords(state, reason, 'ecommpay', true));
        expect(text).toEqual(expect.any(String));
        expect(text, `${state} ${reason}`).not.toMatch(/\bMaya\b/);
      }
});

test('where money was taken and sent back, nobody is told that nothing was charged', () => {
  for (const state of ['open', 'failed', 'expired', 'cancelled', 'declined'] as const)
    for (const rail of ['maya', 'ecommpay'])
      for (const reason of REASONS)
        for (const payable of [true, false])
          for (const texts of [en, fil]) {
            const text = textIn(texts, outcomeWords(state, reason, rail, payable, true));
            expect(text).toMatch(/sent back|Ibinalik/);
            expect(text).not.toMatch(/Nothing was charged|Walang siningil/);
          }
});

test('what is said of a payment from the Maya Wallet never speaks of PayMaya', () => {
  for (const state of STATES)
    for (const reason of REASONS)
      for (const texts of [en, fil])
        expect(textIn(texts, outcomeWords(state, reason, 'maya', true))).not.toMatch(/PayMaya/);
});

test.each([
  ['declined', '20105', 'ecommpay', 'outside.declinedBalance'],
  ['declined', '20101', 'ecommpay', 'outside.declinedLimit'],
  ['declined', '20301', 'ecommpay', 'outside.declinedCancelled'],
  ['declined', '20000', 'ecommpay', 'outside.declinedOrLate'],
  ['declined', '20401', 'ecommpay', 'outside.declined'],
  ['declined', 'PY0105', 'ecommpay', 'outside.declined'],
  ['declined', 'PY0105', 'maya', 'outcome.declinedBalance'],
  ['declined', '20105', 'maya', 'outcome.declined'],
  ['declined', 'constructor', 'maya', 'outcome.declined'],
  ['failed', 'session_over', 'maya', 'outcome.failedSession'],
  ['review', 'time_cap', 'ecommpay', 'outside.review'],
  ['review', 'money_differs', 'ecommpay', 'outside.reviewDiffers'],
  ['review', 'execute_mismatch', 'maya', 'outcome.reviewDiffers'],
] as const)('%s, %s, %s: %s', (state, reason, rail, key) => {
  expect(outcomeWords(state, reason, rail, true)).toBe(key);
});

test('an order that cannot be paid here says where it can', () => {
  expect(outcomeWords('open', null, 'maya', false)).toBe('outcome.openElsewhere');
});
