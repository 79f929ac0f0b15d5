import { describe, expect, test } from 'vitest';
import type { Fact, PaymentEvent } from '#lib/payments/facts.ts';
import { momentsOf } from './moments.ts';
import { distribution } from './numbers.ts';

const REFERENCE = '00000000-0000-4000-8000-000000000000';

const events = (...facts: [atMs: number, fact: Fact][]): PaymentEvent[] =>
  facts.map(([recordedAtMs, fact], index) => ({ number: index + 1, recordedAtMs, recordedBy: 'a', fact }));

const attempt = (number: number): Fact => ({
  kind: 'execute_attempt',
  attempt: number,
  reference: REFERENCE,
  lease: 'l',
  session: 's',
  generation: 0,
});
const approved = (number: number): Fact => ({
  kind: 'execute_answer',
  attempt: number,
  outcome: { kind: 'approved', missing: [] },
});
const created: [number, Fact][] = [
  [10, { kind: 'create_attempt', attempt: 1, reference: REFERENCE }],
  [20, { kind: 'create_answer', attempt: 1, outcome: { kind: 'created', id: REFERENCE } }],
];

describe('moments of a payment', () => {
  test('whose first answer was lost', () => {
    const lost: Fact = { kind: 'execute_answer', attempt: 1, outcome: { kind: 'lost', reason: 'timeout' } };
    expect(
      momentsOf(events(...created, [30, attempt(1)], [100, lost], [600, attempt(2)], [650, approved(2)])),
    ).toEqual({ lostAtMs: 100, nextLookAtMs: 600, settledAtMs: 650 });
  });

  test('that went well: nothing was lost', () => {
    expect(momentsOf(events(...created, [30, attempt(1)], [40, approved(1)]))).toEqual({
      lostAtMs: null,
      nextLookAtMs: null,
      settledAtMs: 40,
    });
  });

  test('whose process died, until somebody recorded that', () => {
    expect(momentsOf(events(...created))).toMatchObject({ settledAtMs: null });
    expect(momentsOf(events(...created, [5_000, { kind: 'interrupted' }]))).toMatchObject({
      settledAtMs: 5_000,
    });
  });
});

test('a distribution is told by its quantiles, its end and its size', () => {
  const numbers = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(distribution(numbers)).toEqual({ p50: 51, p90: 91, p99: 100, max: 100, n: 100 });
  expect(distribution([7])).toEqual({ p50: 7, p90: 7, p99: 7, max: 7, n: 1 });
});
