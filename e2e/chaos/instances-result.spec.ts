import { expect, test } from 'vitest';
import { secondIds } from './instances-result.ts';
import type { OrderFacts } from './verdict.ts';

const orderOf = (...providerIds: (string | null)[]): OrderFacts => ({
  order: 'o1',
  customer: 'c1',
  totalCentavos: 100,
  paidBy: null,
  debits: [],
  announced: 0,
  delivered: 0,
  pickups: 0,
  payments: providerIds.map((providerId, index) => ({
    id: `p${index}`,
    providerId,
    state: 'failed',
    confirmedBy: null,
    duplicate: false,
    openedBy: 'a',
    firstExecuteBy: null,
  })),
});

const maya = (...payments: [id: string, status: string, executes: number][]) =>
  new Map(
    payments.map(([id, status, executes]) => [id, { status, executes: Array.from({ length: executes }) }]),
  );

test.each([
  ['one id, executed again and again', orderOf('m1'), maya(['m1', 'APPROVED', 3]), 0],
  [
    'a second id that was never executed',
    orderOf('m1', 'm2'),
    maya(['m1', 'CREATED', 0], ['m2', 'APPROVED', 1]),
    0,
  ],
  ['a second id after a decline', orderOf('m1', 'm2'), maya(['m1', 'DECLINED', 1], ['m2', 'APPROVED', 1]), 0],
  ['a payment that never got an id', orderOf(null, 'm2'), maya(['m2', 'APPROVED', 1]), 0],
  ['two ids, neither declined', orderOf('m1', 'm2'), maya(['m1', 'APPROVED', 1], ['m2', 'APPROVED', 1]), 1],
  ['two ids, the first in doubt', orderOf('m1', 'm2'), maya(['m1', 'CREATED', 1], ['m2', 'APPROVED', 1]), 1],
])('%s', (_name, order, atMaya, complaints) => {
  expect(secondIds(order, atMaya)).toHaveLength(complaints);
});
