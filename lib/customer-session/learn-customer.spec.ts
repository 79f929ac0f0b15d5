import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskName } from './learn-customer.ts';

test.each([
  ['Maria Santos', 'M••••• S•••••'],
  ['maria', 'M•••••'],
  ['  Juan   de la  Cruz ', 'J••••• D••••• L••••• C•••••'],
  ['Ma. Theresa Dela Cruz Reyes', 'M••••• T••••• D••••• C•••••'],
  ['ñoño', 'Ñ•••••'],
  ['𝒜lma', '𝒜•••••'],
])('%s is shown as %s', (name, shown) => {
  expect(maskName(name)).toBe(shown);
});

test('of any name only first letters are told, neither length nor more than four words', () => {
  const word = fc.stringMatching(/^[A-Z][a-z]{1,15}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
      const initials = words.slice(0, 4).map((text) => `${text.charAt(0)}•••••`);
      expect(maskName(words.join(' '))).toBe(initials.join(' '));
    }),
  );
});
