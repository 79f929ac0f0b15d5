import { describe, expect, test } from 'vitest';
import { checkEcho, type EchoCheck, type EchoField, readPaymentId } from './echo.ts';

const EXPECTED = { p2mId: 'P2M-1', amountCentavos: 149_950, requestReferenceNumber: 'reference-1' };
const WHOLE = {
  p2mId: 'P2M-1',
  requestReferenceNumber: 'reference-1',
  amount: { currency: 'PHP', value: 1499.5 },
};

const missing = (...fields: EchoField[]): EchoCheck => ({ missing: fields, wrong: [] });
const wrong = (...fields: EchoField[]): EchoCheck => ({ missing: [], wrong: fields });

describe('C11, C12: what Maya repeats of a payment', () => {
  test.each<[string, Record<string, unknown>, EchoCheck]>([
    ['all of it', WHOLE, missing()],
    ['the amount as text', { ...WHOLE, amount: { currency: 'PHP', value: '1499.50' } }, missing()],
    ['nothing', {}, missing('amount', 'currency', 'p2mId', 'requestReferenceNumber')],
    ['null', { ...WHOLE, p2mId: null, amount: null }, missing('amount', 'currency', 'p2mId')],
    ['an empty amount', { ...WHOLE, amount: {} }, missing('amount', 'currency')],
    ['another amount', { ...WHOLE, amount: { currency: 'PHP', value: 1499.49 } }, wrong('amount')],
    ['an amount in no number', { ...WHOLE, amount: { currency: 'PHP', value: true } }, wrong('amount')],
    ['small letters', { ...WHOLE, amount: { currency: 'php', value: 1499.5 } }, wrong('currency')],
    ['a merchant in small letters', { ...WHOLE, p2mId: 'p2m-1' }, wrong('p2mId')],
    ['an empty merchant', { ...WHOLE, p2mId: '' }, wrong('p2mId')],
    ['a merchant in a list', { ...WHOLE, p2mId: ['P2M-1'] }, wrong('p2mId')],
    ['a number for a reference', { ...WHOLE, requestReferenceNumber: 1 }, wrong('requestReferenceNumber')],
  ])('%s', (_, answer, check) => expect(checkEcho(answer, EXPECTED)).toEqual(check));

  test.each([[1499.5], ['1499.50'], [[1499.5]], [[]], [true]])(
    'an amount of another type, %j, is wrong and not missing',
    (amount) => {
      expect(checkEcho({ ...WHOLE, amount }, EXPECTED)).toEqual({ missing: ['currency'], wrong: ['amount'] });
    },
  );
});

describe('a payment id may stand in a path', () => {
  test.each(['7d9c2f8a-1c51-4a7e-8a3b-5f0a3b1d9e42', 'ABCDEFGH', 'a_b-c_d-1', 'x'.repeat(64)])('%s', (id) =>
    expect(readPaymentId(id)).toBe(id),
  );

  test.each([
    '',
    'short',
    'x'.repeat(65),
    '../../profile',
    'abcdefgh/execute',
    'abcdefgh?x=1',
    'abcdefgh#x',
    'abcdefgh%2f',
    'abcdefgh\n',
    ' abcdefgh',
    12_345_678,
    null,
    undefined,
    ['abcdefgh'],
  ])('but not %j', (id) => expect(readPaymentId(id)).toBeNull());
});
