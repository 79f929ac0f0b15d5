import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMac, mac, makeMacKeys } from './mac.ts';

const NOW = 'a password for tests, which is long enough';
const BEFORE = 'another password, which was used until now';

test('is taken for its text, by its key and for its purpose alone', () => {
  const keys = makeMacKeys('orders', NOW);
  const made = mac(keys, 'order-1');
  expect(made).toMatch(/^[\w-]{43}$/);
  expect(isMac(keys, 'order-1', made)).toBe(true);
  expect(isMac(keys, 'order-2', made)).toBe(false);
  expect(isMac(makeMacKeys('visitors', NOW), 'order-1', made)).toBe(false);
  expect(isMac(makeMacKeys('orders', BEFORE), 'order-1', made)).toBe(false);
});

test('outlives one change of the password', () => {
  const made = mac(makeMacKeys('orders', BEFORE), 'order-1');
  const keys = makeMacKeys('orders', NOW, BEFORE);
  expect(isMac(keys, 'order-1', made)).toBe(true);
  expect(mac(keys, 'order-1')).not.toBe(made);
});

test('A6: no other text is taken', () => {
  const keys = makeMacKeys('orders', NOW, BEFORE);
  const made = mac(keys, 'order-1');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc
          .tuple(fc.nat(42), fc.base64String())
          .map(([at, text]) => made.slice(0, at) + text + made.slice(at)),
      ),
      (given) => {
        expect(isMac(keys, 'order-1', given)).toBe(given === made);
      },
    ),
  );
});
