import { expect, test } from 'vitest';
import { isRight, judge, type OrderFacts, type PaymentFacts } from './verdict.ts';

const payment = (changes: Partial<PaymentFacts> = {}): PaymentFacts => ({
  id: 'p1',
  providerId: 'm1',
  state: 'approved',
  confirmedBy: 'provider',
  duplicate: false,
  openedBy: 'a',
  firstExecuteBy: 'a',
  ...changes,
});

const debit = { paymentId: 'm1', amountCentavos: 100 };

const paid = (changes: Partial<OrderFacts> = {}): OrderFacts => ({
  order: 'o1',
  customer: 'c1',
  totalCentavos: 100,
  paidBy: 'p1',
  payments: [payment()],
  debits: [debit],
  announced: 1,
  delivered: 1,
  pickups: 1,
  ...changes,
});

const unpaid = (changes: Partial<OrderFacts> = {}): OrderFacts =>
  paid({ paidBy: null, payments: [payment({ state: 'failed' })], debits: [], announced: 0, ...changes });

test.each([
  ['a paid order', [paid()]],
  ['an order that failed and was not charged', [unpaid()]],
  [
    'a second payment after a declined one',
    [paid({ payments: [payment({ id: 'p0', providerId: 'm0', state: 'declined' }), payment()] })],
  ],
  ['a charge in a person’s hands', [unpaid({ payments: [payment({ state: 'review' })], debits: [debit] })]],
  ['nothing at all', []],
])('%s is right', (_name, orders) => {
  expect(judge(orders, 0)).toEqual({ double: 0, lost: 0, stuck: 0, wrong: [] });
});

test.each([
  ['two debits', paid({ debits: [debit, { ...debit, paymentId: 'm2' }] }), { double: 1 }],
  ['a debit of an order that failed', unpaid({ debits: [debit] }), { lost: 1 }],
  ['a payment without an end', unpaid({ payments: [payment({ state: 'executing' })] }), { stuck: 1 }],
  ['paid without a debit', paid({ debits: [] }), { wrong: ['o1: counts as paid and nothing was debited'] }],
  [
    'another amount',
    paid({ debits: [{ ...debit, amountCentavos: 99 }] }),
    { wrong: ['o1: debited another amount than was shown'] },
  ],
  [
    'a first execute by recovery',
    paid({ payments: [payment({ firstExecuteBy: 'b' })] }),
    { wrong: ['o1: recovery made the first execute of p1'] },
  ],
  [
    'an event that did not arrive',
    paid({ delivered: 0 }),
    { wrong: ['o1: the event that it is paid did not arrive'] },
  ],
  ['two events', paid({ announced: 2, delivered: 2 }), { wrong: ['o1: 2 events say that it is paid'] }],
  ['no goods', paid({ pickups: 0 }), { wrong: ['o1: 0 pick-up codes'] }],
  [
    'paid by a payment that failed',
    paid({ payments: [payment({ state: 'failed' })] }),
    { wrong: ['o1: paid by a payment that is failed'] },
  ],
])('%s is wrong', (_name, order, expected) => {
  const verdict = judge([order], 0);
  expect(verdict).toMatchObject(expected);
  expect(isRight(verdict)).toBe(false);
});

test('a debit for an id that the store never heard of is lost', () => {
  expect(judge([], 1)).toMatchObject({ lost: 1 });
});

test('paid without a debit is excused only where "already processed" was believed after a decline', () => {
  const believed = paid({ debits: [], payments: [payment({ confirmedBy: 'PY0010' })] });
  expect(isRight(judge([believed], 0, true))).toBe(true);
  expect(isRight(judge([believed], 0, false))).toBe(false);
  expect(isRight(judge([paid({ debits: [] })], 0, true))).toBe(false);
});
