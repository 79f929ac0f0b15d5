import { describe, expect, test } from 'vitest';
import { bench, signedAnswer } from '#e2e/rig/ecommpay-wire.ts';
import type { AcceptOutcome } from './accepted.ts';
import { sendGatePayout } from './gate-payout.ts';
import { type GateSale, sendGateSale } from './gate-sale.ts';
import { verify } from './signature.ts';
import { SECRET } from './spec-helpers.ts';

const ID = '01991a2b-0000-7000-8000-000000000001';
const SALE: GateSale = {
  paymentId: ID,
  amountCentavos: 149_950,
  customerId: 'c0ffee',
  customerEmail: 'maria@example.ph',
  ipAddress: '203.0.113.7',
  returnUrl: 'https://shop.example.ph/orders/1',
  callbackUrl: 'https://shop.example.ph/api/ecommpay/callback',
};
const PAYOUT = {
  paymentId: ID,
  amountCentavos: 100,
  customerId: 'c0ffee',
  ipAddress: '2001:db8::1',
  accountNumber: '09123456789',
  customerName: 'Maria Peña Santos',
  callbackUrl: SALE.callbackUrl,
};
const ACCEPTED = { status: 'success', request_id: 'r-1', project_id: 580, payment_id: ID };
const json = (status: number, body: unknown) => () => Response.json(body, { status });

test('a sale is sent signed, in minor units, to the wallet’s own path', async () => {
  const { api, sent, lines, logText } = bench(json(200, ACCEPTED));
  expect(await sendGateSale(api, SALE)).toEqual({ kind: 'accepted', requestId: 'r-1' });
  expect(sent[0]?.url).toBe('https://gate.test/v2/payment/wallet/paymaya/sale');
  expect(sent[0]?.init).toMatchObject({ method: 'POST', headers: { 'Content-Type': 'application/json' } });
  expect(sent[0]?.body).toEqual({
    general: {
      project_id: 580,
      payment_id: ID,
      merchant_callback_url: SALE.callbackUrl,
      signature: expect.any(String),
    },
    payment: { amount: 149_950, currency: 'PHP' },
    customer: { id: 'c0ffee', email: 'maria@example.ph', ip_address: '203.0.113.7' },
    return_url: { success: SALE.returnUrl, decline: SALE.returnUrl },
  });
  expect(verify(sent[0]?.init.body, SECRET)).toBe(true);
  expect(lines).toMatchObject([
    { event: 'ecommpay.call', call: 'gate_sale', reference: ID, outcome: 'accepted' },
  ]);
  expect(logText()).not.toMatch(/maria|203\.0\.113|not-a-real/);
});

test('E13: a sale that is sent again is the same to the letter', async () => {
  const { api, sent } = bench(json(200, ACCEPTED));
  await sendGateSale(api, SALE);
  await sendGateSale(api, { ...SALE });
  expect(sent[0]?.init.body).toBe(sent[1]?.init.body);
});

test('a payout is sent signed, its account number as text', async () => {
  const { api, sent, logText } = bench(json(200, ACCEPTED));
  expect(await sendGatePayout(api, PAYOUT)).toEqual({ kind: 'accepted', requestId: 'r-1' });
  expect(sent[0]?.url).toBe('https://gate.test/v2/payment/wallet/paymaya/payout');
  expect(sent[0]?.body).toMatchObject({
    payment: { amount: 100, currency: 'PHP' },
    customer: { id: 'c0ffee', ip_address: '2001:db8::1' },
    account: { number: '09123456789', customer_name: 'Maria Peña Santos' },
  });
  expect(verify(sent[0]?.init.body, SECRET)).toBe(true);
  expect(logText()).not.toMatch(/0912|Peña/);
});

describe('what is outside the rules is not sent', () => {
  test.each([
    [{ amountCentavos: 99 }],
    [{ amountCentavos: 2_000_001 }],
    [{ accountNumber: '9123456789' }],
    [{ accountNumber: '08123456789' }],
    [{ accountNumber: '091234567890' }],
    [{ accountNumber: '09-23456789' }],
    [{ customerName: '' }],
    [{ customerName: 'Maria;payment:amount:1' }],
    [{ ipAddress: 'localhost' }],
  ])('a payout: %j', (changes) => {
    const { api, sent } = bench(json(200, ACCEPTED));
    expect(() => sendGatePayout(api, { ...PAYOUT, ...changes })).toThrow(/^must not be sent: /);
    expect(sent).toEqual([]);
  });

  test.each([
    [{ amountCentavos: 1_999 }],
    [{ amountCentavos: 1_500_001 }],
    [{ ipAddress: '' }],
    [{ customerEmail: 'x;y@example.ph' }],
    [{ returnUrl: '/orders/1' }],
  ])('a sale: %j', (changes) => {
    const { api, sent } = bench(json(200, ACCEPTED));
    expect(() => sendGateSale(api, { ...SALE, ...changes })).toThrow(/^must not be sent: /);
    expect(sent).toEqual([]);
  });
});

describe('the immediate answer speaks of the request, never of the payment', () => {
  const refused = (status: number, code: string, meaning: string) => ({
    kind: 'refused',
    status,
    code,
    meaning,
  });
  const unclear = (reason: string, status: number, code: string | null = null) => ({
    kind: 'unclear',
    reason,
    status,
    code,
  });

  test.each<[string, () => Response, object]>([
    ['accepted', json(200, ACCEPTED), { kind: 'accepted', requestId: 'r-1' }],
    ['accepted, unknown fields', json(200, { ...ACCEPTED, x: [1] }), { kind: 'accepted', requestId: 'r-1' }],
    ['accepted, no echo', json(200, { status: 'success' }), { kind: 'accepted', requestId: null }],
    ['accepted, signed', () => signedAnswer(ACCEPTED), { kind: 'accepted', requestId: 'r-1' }],
    ['signed by somebody else', () => signedAnswer(ACCEPTED, 200, 'x'), unclear('forged', 200)],
    ['of another payment', json(200, { ...ACCEPTED, payment_id: 'x' }), unclear('other_payment', 200)],
    ['refused with 200', json(200, { status: 'error', code: '2642' }), refused(200, '2642', 'configuration')],
    ['refused with 400', json(400, { status: 'error', code: 3261 }), refused(400, '3261', 'our_fault')],
    ['refused, a code alone', json(422, { code: '100' }), refused(422, '100', 'declined')],
    ['E13: a duplicate', json(400, { status: 'error', code: '3041' }), { kind: 'duplicate' }],
    ['internal error', json(400, { status: 'error', code: '501' }), unclear('code', 400, '501')],
    ['try again later', json(200, { status: 'error', code: '314' }), refused(200, '314', 'retry_later')],
    ['an unknown code', json(400, { status: 'error', code: '4711' }), unclear('code', 400, '4711')],
    [
      'a refusal behind a 500',
      json(500, { status: 'error', code: '100' }),
      unclear('status_500', 500, '100'),
    ],
    ['accepted under 201', json(201, ACCEPTED), unclear('status_201', 201)],
    ['200 without a status', json(200, { code: '100' }), unclear('status_200', 200, '100')],
    ['403 without a code', json(403, {}), unclear('status_403', 403)],
    ['a payment’s status', json(200, { payment: { status: 'success' } }), unclear('status_200', 200)],
    ['HTML', () => new Response('<h1>502</h1>', { status: 502 }), unclear('unreadable', 502)],
    ['nothing', () => new Response('', { status: 200 }), unclear('unreadable', 200)],
    ['a list', json(200, [ACCEPTED]), unclear('unreadable', 200)],
  ])('%s', async (_name, answer, outcome) => {
    const { api } = bench(answer);
    expect(await sendGateSale(api, SALE)).toEqual(outcome satisfies object as AcceptOutcome);
  });

  test('a request without an answer may have been taken', async () => {
    const { api } = bench(() => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) });
    });
    expect(await sendGateSale(api, SALE)).toEqual({ kind: 'lost', reason: 'connection' });
  });
});
