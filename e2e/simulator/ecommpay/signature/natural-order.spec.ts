import { describe, expect, test } from 'vitest';
import { naturalOrder } from './natural-order.ts';

describe("PHP's natural order", () => {
  test.each([
    ['', '', 0],
    ['', 'a', -1],
    ['a', 'a', 0],
    ['a', 'b', -1],
    ['B', 'a', -1],
    ['items:9', 'items:10', -1],
    ['field2', 'field10', -1],
    ['field2:x', 'field10', -1],
    ['address2', 'address:x', -1],
    ['payment:id', 'payment_amount', -1],
    ['a01', 'a1', -1],
    ['a1', 'a1b', -1],
    ['x12', 'x13', -1],
    ['x12a', 'x12b', -1],
    ['0012', '12', 0],
    ['1.5', '1.05', 1],
    ['a b', 'ab', 0],
    ['é', 'z', 1],
  ])('%j against %j', (left, right, order) => {
    expect(naturalOrder(left, right)).toBe(order);
    expect(naturalOrder(right, left)).toBe(0 - order);
  });
});
