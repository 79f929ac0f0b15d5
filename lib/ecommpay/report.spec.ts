import { describe, expect, test } from 'vitest';
import { type Difference, differences, isToBeAsked, readReport } from './report.ts';
import { VECTORS } from './spec-helpers.ts';

const paramsOf = (name: string) => VECTORS.find((vector) => vector.name === name)?.params ?? {};

test('a sale that came through', () => {
  expect(readReport(paramsOf('own-callback-sale-success'))).toEqual({
    projectId: 445,
    paymentId: 'EP3bc1-5a65',
    type: 'purchase',
    status: 'success',
    reading: 'success',
    sum: { amount: 1000, currency: 'PHP' },
    operation: {
      id: '590',
      type: 'sale',
      status: 'success',
      code: '0',
      requestId: 'c26a7ec94caf8fe7af3f280fd5e5c4-00000001',
      atMs: Date.parse('2021-06-15T08:05:11Z'),
      initial: { amount: 1000, currency: 'PHP' },
      converted: { amount: 1000, currency: 'PHP' },
    },
    succeeded: ['590'],
  });
});

test.each<[string, string | undefined, object, string[]]>([
  ['one', 'purchase', { operation: { id: 590, type: 'sale', status: 'success' } }, ['590']],
  ['none', 'purchase', { operation: { id: 590, type: 'sale', status: 'decline' } }, []],
  ['nothing is told of any', 'purchase', {}, []],
  [
    'two of a list, in one order, each once',
    'purchase',
    {
      operations: [
        { id: 591, type: 'sale', status: 'success' },
        { id: 589, type: 'sale', status: 'decline' },
        { id: 590, type: 'sale', status: 'success' },
        { id: 591, type: 'sale', status: 'success' },
        { id: 592, type: 'refund', status: 'success' },
        'odd',
      ],
    },
    ['590', '591'],
  ],
  [
    'of a payout',
    'payout',
    {
      operations: [
        { id: 1, type: 'payout', status: 'success' },
        { id: 2, type: 'sale', status: 'success' },
      ],
    },
    ['1'],
  ],
  [
    'types that are not told',
    undefined,
    { operations: [{ id: 1, status: 'success' }, { status: 'success' }] },
    ['1'],
  ],
])('E3: the operations that moved the money: %s', (_name, type, message, succeeded) => {
  const report = readReport({ ...message, payment: { id: '1', status: 'success', type } });
  expect(report?.succeeded).toEqual(succeeded);
});

test('a sale that was declined, and a payout', () => {
  expect(readReport(paramsOf('own-callback-sale-decline'))).toMatchObject({
    reading: 'decline',
    operation: { code: '20101' },
  });
  expect(readReport(paramsOf('own-callback-payout-success'))).toMatchObject({
    type: 'payout',
    reading: 'success',
  });
});

test.each<[string, Record<string, unknown>]>([
  ['no payment', paramsOf('sdk-callback-without-payment')],
  ['a payment that is a list', { payment: [] }],
  ['a payment without an id', { payment: { status: 'success' } }],
  ['an empty id', { payment: { id: '', status: 'success' } }],
  ['an endless id', { payment: { id: 'x'.repeat(256), status: 'success' } }],
  ['no status', { payment: { id: '1' } }],
  ['a status that is no text', { payment: { id: '1', status: true } }],
  ['a status on a prototype', { payment: { id: '1', ['__proto__']: { status: 'success' } } }],
])('nothing: %s', (_name, message) => expect(readReport(message)).toBeNull());

test('what is of another type counts as absent', () => {
  const odd = {
    project_id: null,
    payment: {
      id: 12345678901234567890n,
      type: 7,
      status: 'processing',
      sum: { amount: '1000', currency: 'PHP' },
    },
    operation: { id: 5.5, date: 'yesterday', code: 'x', sum_initial: [], sum_converted: { amount: 1.5 } },
  };
  expect(readReport(odd)).toMatchObject({
    projectId: null,
    paymentId: '12345678901234567890',
    type: null,
    sum: null,
    operation: { id: '5.5', atMs: null, code: null, initial: null, converted: null },
  });
});

test.each([
  [{ project_id: 580 }, 580],
  [{ project_id: '580' }, 580],
  [{ general: { project_id: 580 } }, 580],
  [{ project_id: 1.5 }, null],
  [{ project_id: '' }, null],
  [{}, null],
])('the project: %j', (more, project) => {
  expect(readReport({ ...more, payment: { id: '1', status: 'x' } })?.projectId).toBe(project);
});

test.each(['decline', 'error'])('E13: "payment id exists" by callback is no %s of the payment', (status) => {
  const message = { payment: { id: '1', status }, operation: { status, code: '3041' } };
  const report = readReport(message);
  expect(report).toMatchObject({ status, reading: 'pending' });
  expect(report && isToBeAsked(report)).toBe(true);
});

describe('E6, E15: where it differs from our own row', () => {
  const expected = { projectId: 580, type: 'purchase', amountCentavos: 149_950 } as const;
  const sum = { amount: 149_950, currency: 'PHP' };
  const whole = {
    project_id: 580,
    payment: { id: '1', type: 'purchase', status: 'success', sum },
    operation: { sum_initial: sum, sum_converted: sum },
  };
  const differs = (changes: object, strict = true) => {
    const report = readReport({ ...whole, ...changes });
    return report && differences(report, expected, strict);
  };
  const payment = (changes: object) => ({ payment: { ...whole.payment, ...changes } });

  test.each<[string, object, Difference[]]>([
    ['nowhere', {}, []],
    ['project', { project_id: 581 }, ['project']],
    ['no project', { project_id: undefined }, ['project']],
    ['type', payment({ type: 'payout' }), ['type']],
    ['no type', payment({ type: undefined }), ['type']],
    ['one centavo', payment({ sum: { ...sum, amount: 149_951 } }), ['amount']],
    ['pesos for centavos', payment({ sum: { ...sum, amount: 1_499 } }), ['amount']],
    ['currency', payment({ sum: { ...sum, currency: 'USD' } }), ['currency']],
    ['no sum', payment({ sum: undefined }), ['amount']],
    ['a sum as text', payment({ sum: { amount: '149950', currency: 'PHP' } }), ['amount']],
    ['the sum that was paid', { operation: { sum_initial: { ...sum, amount: 100 } } }, ['amount']],
    [
      'the sum after conversion',
      { operation: { sum_converted: { ...sum, currency: 'EUR' } } },
      ['converted'],
    ],
    [
      'all of it',
      { project_id: 1, ...payment({ type: 'x', sum: { amount: 1, currency: 'X' } }) },
      ['project', 'type', 'amount', 'currency'],
    ],
  ])('%s', (_name, changes, found) => expect(differs(changes)).toEqual(found));

  test('what moves no money may leave type and sum out', () => {
    expect(differs(payment({ type: undefined, sum: undefined }), false)).toEqual([]);
    expect(differs(payment({ type: 'payout', sum: { ...sum, amount: 1 } }), false)).toEqual([
      'type',
      'amount',
    ]);
  });
});
