import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { centavosToDecimal, decimalToCentavos, formatPesos, isCentavos } from './money.ts';

const MAX = 999_999_999_999;
const centavos = fc.integer({ min: 0, max: MAX });

describe('C9: what counts as an amount in centavos', () => {
  test.each([0, 1, 149_950, MAX])('%s does', (value) => expect(isCentavos(value)).toBe(true));

  test.each([
    -0,
    -1,
    0.5,
    MAX + 1,
    1e21,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    '100',
    100n,
    null,
    undefined,
    [100],
    { valueOf: () => 100 },
  ])('%s does not', (value) => expect(isCentavos(value)).toBe(false));

  test('whatever it is, nothing but such an amount goes out to Maya', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.anything()), (value) => {
        fc.pre(!isCentavos(value));
        expect(() => centavosToDecimal(value as number)).toThrow(new RangeError('not an amount in centavos'));
      }),
    );
  });
});

describe('at Maya’s border', () => {
  test('every amount goes out with at most two decimals and comes back as it was', () => {
    fc.assert(
      fc.property(centavos, (amount) => {
        const wire = JSON.stringify(centavosToDecimal(amount));
        expect(wire).toMatch(/^\d+(\.\d{1,2})?$/);
        expect(decimalToCentavos(JSON.parse(wire))).toBe(amount);
        expect(decimalToCentavos(wire)).toBe(amount);
      }),
    );
  });

  test('text with more zeros is the same amount', () => {
    fc.assert(
      fc.property(centavos, fc.integer({ min: 0, max: 18 }), (amount, zeros) => {
        expect(decimalToCentavos((amount / 100).toFixed(2) + '0'.repeat(zeros))).toBe(amount);
      }),
    );
  });

  test('a third decimal that is not zero is not an amount', () => {
    fc.assert(
      fc.property(centavos, fc.integer({ min: 1, max: 9 }), (amount, third) => {
        expect(decimalToCentavos(`${(amount / 100).toFixed(2)}${third}`)).toBeNull();
      }),
    );
  });

  test('anything at all is read as centavos or as nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.double(), fc.string(), fc.float()), (value) => {
        const read = decimalToCentavos(value);
        expect(read === null || isCentavos(read)).toBe(true);
      }),
    );
  });

  test.each<[unknown, number]>([
    [1499.5, 149_950],
    [1499.05, 149_905],
    ['1499.50', 149_950],
    ['1499.5', 149_950],
    ['1499', 149_900],
    [' 1499.50 ', 149_950],
    ['1499.5000', 149_950],
    [0, 0],
    [0.01, 1],
    [0.29, 29],
    [1.1, 110],
    [9_999_999_999.99, MAX],
    ['9999999999.99', MAX],
  ])('%j is %s centavos', (value, expected) => expect(decimalToCentavos(value)).toBe(expected));

  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    '-0',
    -0.01,
    '-1499.50',
    '+1',
    1.005,
    '1.005',
    0.1 + 0.2,
    1e21,
    '1e3',
    '0x10',
    1e10,
    '10000000000',
    '01',
    '1.',
    '.5',
    '1,499.50',
    '1 499',
    '₱1',
    '１',
    '',
    ' ',
    '1.000000000000000000001',
    null,
    undefined,
    true,
    100n,
    [1],
    { value: 1 },
  ])('C9: %s is not an amount', (value) => expect(decimalToCentavos(value)).toBeNull());
});

test.each([
  [149_950, '₱1,499.50'],
  [100, '₱1.00'],
  [1, '₱0.01'],
  [0, '₱0.00'],
  [MAX, '₱9,999,999,999.99'],
])('people read %s centavos as %s', (amount, text) => expect(formatPesos(amount)).toBe(text));
