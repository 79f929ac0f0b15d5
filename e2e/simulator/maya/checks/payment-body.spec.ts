import { describe, expect, test } from 'vitest';
import { CREDENTIALS, createRig, refusalOf } from '../rig.ts';
import type { ViolationKind } from '../violations.ts';

const { p2mId } = CREDENTIALS;
const of = (value: unknown, currency: unknown = 'PHP') => ({ p2mId, amount: { currency, value } });

describe('create', () => {
  test.each<[string, ViolationKind, string, unknown]>([
    ['no p2mId', 'field-missing', 'p2mId', { amount: { currency: 'PHP', value: 1 } }],
    ['no amount', 'field-missing', 'amount', { p2mId }],
    ['an amount that is a number', 'field-invalid', 'amount', { p2mId, amount: 1 }],
    ['no currency', 'field-missing', 'amount.currency', of(1, null)],
    ['no value', 'field-missing', 'amount.value', of(undefined)],
    ['an unknown field', 'field-unknown', 'orderId', { ...of(1), orderId: 'x' }],
    [
      'an unknown field of amount',
      'field-unknown',
      'amount.tax',
      { p2mId, amount: { ...of(1).amount, tax: 0 } },
    ],
    ['the amount as text', 'amount-not-a-number', 'amount.value', of('100.00')],
    ['three decimals', 'amount-decimals', 'amount.value', of(100.005)],
    ['a rounding fault of binary numbers', 'amount-decimals', 'amount.value', of(0.1 + 0.2)],
    ['nothing', 'amount-range', 'amount.value', of(0)],
    ['less than nothing', 'amount-range', 'amount.value', of(-1)],
    ['more than Maya takes', 'amount-range', 'amount.value', of(10_000_000_000)],
  ])('%s: 2553', (_, kind, field, body) => {
    const rig = createRig();
    const answered = rig.ask(rig.createRequest(rig.open(), 1, {}, body));
    expect(refusalOf(answered)).toEqual([400, '2553']);
    expect(answered.body.parameters).toEqual([{ field, description: expect.any(String) }]);
    expect(rig.kinds()).toEqual([kind]);
  });

  test.each<[string, ViolationKind, number, string, unknown]>([
    ['broken JSON', 'body-malformed', 400, 'PY0064', '{"p2mId":'],
    ['a list', 'body-malformed', 400, 'PY0064', []],
    ['another p2mId', 'p2m-id', 404, 'PY0017', { ...of(1), p2mId: 'P2M-2' }],
    ['another currency', 'currency', 400, 'PY0037', of(1, 'USD')],
  ])('%s', (_, kind, status, code, body) => {
    const rig = createRig();
    expect(refusalOf(rig.ask(rig.createRequest(rig.open(), 1, {}, body)))).toEqual([status, code]);
    expect(rig.kinds()).toEqual([kind]);
  });

  test.each([0.01, 1, 4.35, 1_499.5, 1_000_000.29])('an amount of %d is fine', (value) => {
    const rig = createRig();
    const tokens = rig.open();
    expect(rig.create(tokens, value).status).toBe(200);
    expect(rig.maya.payments()[0]?.amountCentavos).toBe(Math.round(value * 100));
    expect(rig.kinds()).toEqual([]);
  });
});

describe('execute', () => {
  test.each(['{}', '', '{ }'])('takes the body %j', (body) => {
    const rig = createRig();
    const tokens = rig.open();
    expect(rig.ask(rig.executeRequest(tokens, rig.payment(tokens), {}, body)).body.status).toBe('APPROVED');
    expect(rig.kinds()).toEqual([]);
  });

  test.each([
    ['{"a":1}', '2553'],
    ['null', 'PY0064'],
    ['{', 'PY0064'],
  ])('refuses the body %j', (body, code) => {
    const rig = createRig();
    const tokens = rig.open();
    const answered = rig.ask(rig.executeRequest(tokens, rig.payment(tokens), {}, body));
    expect(refusalOf(answered)).toEqual([400, code]);
    expect(rig.kinds()).toEqual(['execute-body']);
    expect(rig.debits()).toEqual([]);
  });
});
