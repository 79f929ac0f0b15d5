import { describe, expect, test } from 'vitest';
import { CREDENTIALS, createRig, START } from './rig.ts';
import { type JsonObject, readJson } from './signature/json-tree.ts';
import { isSignedWith } from './signature/sign.ts';

const DAY_MS = 86_400_000;

describe('a sale over Gate', () => {
  test('is taken, sends the customer to the wallet, debits once, and is told', () => {
    const rig = createRig();
    expect(rig.sale({ id: 'a' })).toMatchObject({
      status: 200,
      body: { status: 'success', request_id: expect.any(String), project_id: 210, payment_id: 'a' },
    });
    expect(rig.payment('a').status).toBe('processing');
    rig.pass(1_000);
    expect(rig.received).toHaveLength(1);
    expect(rig.received[0]?.body).toMatchObject({
      project_id: 210,
      payment: {
        id: 'a',
        type: 'purchase',
        status: 'awaiting redirect result',
        sum: { amount: 10_000, currency: 'PHP' },
      },
      operation: { type: 'sale', status: 'awaiting redirect result' },
      redirect_data: { method: 'GET', body: {}, url: expect.stringContaining('/payment/wallet?t=') },
    });

    rig.approve('a');
    expect(rig.ecommpay.ledger().debits).toMatchObject([
      { paymentId: 'a', customer: 'c-1', wallet: 'maria', amountCentavos: 10_000 },
    ]);
    expect(rig.payment('a').status).toBe('processing');
    rig.pass(2_000);
    expect(rig.received[1]?.body).toMatchObject({
      payment: { status: 'success', date: '2027-01-15T00:00:02+0000', method: 'PayMaya wallet' },
      operation: {
        status: 'success',
        code: '0',
        message: 'Success',
        sum_initial: { amount: 10_000, currency: 'PHP' },
        sum_converted: { amount: 10_000, currency: 'PHP' },
      },
    });
    expect(rig.payment('a')).toMatchObject({ status: 'success', wallet: 'maria' });
    rig.pass(3 * DAY_MS);
    expect(rig.received).toHaveLength(2);
    expect(rig.kinds()).toEqual([]);
  });

  test('every callback is truly signed, at the top or in general', () => {
    for (const signaturePlace of ['top', 'general'] as const) {
      const rig = createRig({ signaturePlace });
      rig.sale({ id: 'a' });
      rig.pass(1_000);
      rig.approve('a');
      rig.pass(2_000);
      for (const { text } of rig.received) {
        expect(isSignedWith(readJson(text).value as JsonObject, CREDENTIALS.secret)).toBe(true);
        expect(text.includes('"general":{"signature"')).toBe(signaturePlace === 'general');
      }
      expect(rig.received).toHaveLength(2);
    }
  });

  test('the customer cancels, or has too little', () => {
    const rig = createRig();
    rig.sale({ id: 'a' });
    rig.sale({ id: 'b', amount: 20_000 });
    rig.pass(1_000);
    rig.cancel('a');
    rig.approve('b', 'jose');
    rig.pass(2_000);
    expect(rig.told().slice(2)).toEqual(['decline / decline / 20301', 'decline / decline / 20105']);
    expect(rig.ecommpay.ledger().debits).toEqual([]);
  });

  test('E10: nobody decides, and it is declined some seconds after the limit', () => {
    const rig = createRig();
    rig.sale({ id: 'a' });
    rig.pass(DAY_MS);
    expect(rig.payment('a').status).toBe('awaiting redirect result');
    rig.pass(60_000);
    expect(rig.told().at(-1)).toBe('decline / decline / 20000');
    expect(rig.received.at(-1)?.at).toBe(START + DAY_MS + 26_000);
    expect(() => rig.approve('a')).toThrow('asks nothing');
  });

  test('the callback goes where the payment says, and waits as long as it says', () => {
    const rig = createRig();
    rig.sale({
      id: 'a',
      more: { general: { merchant_callback_url: 'http://localhost:1/other' }, callback: { delay: 60 } },
    });
    const urls: string[] = [];
    rig.answers((call) => {
      urls.push(call.url);
      return 200;
    });
    rig.pass(59_000);
    expect(urls).toEqual([]);
    rig.pass(2_000);
    expect(urls).toEqual(['http://localhost:1/other']);
  });

  test('what nobody looked at happened in its own time', () => {
    const rig = createRig();
    rig.sale({ id: 'a' });
    rig.pass(1_000);
    rig.approve('a');
    rig.sleep(3_600_000);
    expect(rig.payment('a').status).toBe('success');
    expect(rig.payment('a').date).toBe(START + 2_500);
  });
});

describe('a payout', () => {
  const paid = (settings = {}) => {
    const rig = createRig(settings);
    rig.sale({ id: 'sale' });
    rig.pass(1_000);
    rig.approve('sale');
    rig.pass(2_000);
    rig.received.length = 0;
    return rig;
  };

  test('pays, tells, and takes from the balance', () => {
    const rig = paid();
    expect(rig.payout({ id: 'p', amount: 2_500 })).toMatchObject({
      status: 200,
      body: { status: 'success' },
    });
    rig.pass(3_000);
    expect(rig.received.map(({ body }) => body)).toMatchObject([
      {
        payment: { id: 'p', type: 'payout', status: 'success' },
        account: { number: '09171234567' },
        customer: { id: 'c-1', phone: '09171234567' },
        operation: { type: 'payout', status: 'success', code: '0' },
      },
    ]);
    expect(rig.ecommpay.ledger().payouts).toMatchObject([
      {
        paymentId: 'p',
        customer: 'c-1',
        account: '09171234567',
        amountCentavos: 2_500,
        balanceAfterCentavos: 9_997_500,
      },
    ]);
    expect(rig.data('balance/get', {}).body.balance).toEqual([{ name: 'PayMaya OUT', PHP: '99975.00' }]);
    expect(rig.kinds()).toEqual([]);
  });

  test('E14: without an earlier sale it is refused and noted, unless the settings allow it', () => {
    const rig = createRig();
    expect(rig.payout({ id: 'p' })).toMatchObject({ status: 400, body: { status: 'error', code: '2606' } });
    expect(rig.kinds()).toEqual(['payout-without-sale']);
    expect(rig.status('p').body.code).toBe('3061');
    rig.ecommpay.changeSettings({ payoutNeedsSale: false });
    expect(rig.payout({ id: 'p' }).status).toBe(200);
  });

  test('a declined sale is no earlier sale, and another customer’s is none either', () => {
    const rig = paid();
    expect(rig.payout({ customer: 'c-2' }).body.code).toBe('2606');
    rig.sale({ id: 's2', customer: 'c-3' });
    rig.pass(1_000);
    rig.cancel('s2');
    rig.pass(2_000);
    expect(rig.payout({ customer: 'c-3' }).body.code).toBe('2606');
  });

  test('more than the balance is declined with 3028', () => {
    const rig = paid({ payoutBalanceCentavos: 5_000 });
    rig.payout({ amount: 5_001 });
    rig.pass(3_000);
    expect(rig.told()).toEqual(['decline / decline / 3028']);
    expect(rig.ecommpay.ledger().payouts).toEqual([]);
  });

  test('the duplicate guard, where it is on', () => {
    const rig = paid({ duplicateWindowMs: 60_000 });
    expect(rig.payout({ amount: 500 }).status).toBe(200);
    expect(rig.payout({ amount: 500 }).body.code).toBe('3613');
    expect(rig.payout({ amount: 501 }).status).toBe(200);
    rig.pass(60_000);
    expect(rig.payout({ amount: 500 }).status).toBe(200);
  });
});

describe('the status', () => {
  test('is signed, and has the payment with all of its operations', () => {
    const rig = createRig();
    rig.sale({ id: 'a' });
    const { status, text, body } = rig.status('a');
    expect(status).toBe(200);
    expect(isSignedWith(readJson(text).value as JsonObject, CREDENTIALS.secret)).toBe(true);
    expect(body).toMatchObject({
      project_id: 210,
      payment: { id: 'a', status: 'processing' },
      customer: { id: 'c-1' },
      operations: [{ type: 'sale', status: 'processing' }],
    });
    expect(body.operation).toBeUndefined();
  });

  test('of an unknown payment comes in one of two forms', () => {
    const rig = createRig();
    expect(rig.status('x')).toMatchObject({ status: 404, body: { status: 'error', code: '3061' } });
    rig.ecommpay.changeSettings({ statusNotFound: '200' });
    expect(rig.status('x')).toMatchObject({
      status: 200,
      body: { payment: { id: 'x', status: 'error' }, errors: [{ code: '3061' }] },
    });
    expect(rig.kinds()).toEqual([]);
  });
});

describe('E13: one payment id, one payment', () => {
  test.each([
    ['the answer was lost, the same request', true, {}, []],
    ['the answer came, the same request', false, {}, ['payment-id-reused']],
    ['the answer was lost, another amount', true, { payment: { amount: 9_999 } }, ['payment-id-reused']],
  ])('%s', (_, lost, more, kinds) => {
    const rig = createRig();
    if (lost) rig.scenario('answer-lost');
    rig.sale({ id: 'a' });
    expect(rig.sale({ id: 'a', more })).toMatchObject({
      status: 400,
      body: { status: 'error', code: '3041' },
    });
    expect(rig.kinds()).toEqual(kinds);
    expect(rig.ecommpay.payments()).toHaveLength(1);
  });

  test('where the settings say so the refusal comes by callback, and the payment goes on', () => {
    const rig = createRig({ duplicateId: 'callback' });
    rig.scenario('answer-lost');
    rig.sale({ id: 'a' });
    expect(rig.sale({ id: 'a' })).toMatchObject({
      status: 200,
      body: { status: 'success', payment_id: 'a' },
    });
    rig.pass(1_000);
    expect(rig.told()).toEqual([
      'error / error / 3041',
      'awaiting redirect result / awaiting redirect result',
    ]);
    expect(rig.received[0]?.body.operation).not.toHaveProperty('id');
    rig.approve('a');
    rig.pass(2_000);
    expect(rig.told().at(-1)).toBe('success / success / 0');
    expect(rig.ecommpay.ledger().debits).toHaveLength(1);
    expect(rig.kinds()).toEqual([]);
  });

  test('sales and payouts share their ids', () => {
    const rig = createRig({ payoutNeedsSale: false });
    rig.sale({ id: 'a' });
    expect(rig.payout({ id: 'a' }).body.code).toBe('3041');
  });
});

test('a reset forgets payments, money and callbacks to come', () => {
  const rig = createRig();
  rig.sale({ id: 'a' });
  rig.ecommpay.reset();
  rig.pass(DAY_MS);
  expect(rig.received).toEqual([]);
  expect(rig.ecommpay.payments()).toEqual([]);
});

test('the same seed gives the same ids, callbacks and pages', () => {
  const run = () => {
    const rig = createRig();
    rig.sale({ id: 'a' });
    rig.pass(1_000);
    rig.approve('a');
    rig.pass(2_000);
    return [rig.ecommpay.payments(), rig.received];
  };
  expect(run()).toEqual(run());
});
