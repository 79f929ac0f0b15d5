import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Body, CREDENTIALS, createRig } from './rig.ts';
import { type JsonObject, treeOf, writeJson } from './signature/json-tree.ts';
import { signed } from './signature/sign.ts';
import { VIOLATION_KINDS, type ViolationKind } from './violations.ts';

const SALE = '/v2/payment/wallet/paymaya/sale';

type Case = [what: string, more: Body, code: string, kind: ViolationKind];

const common: Case[] = [
  ['no project', { general: { project_id: undefined } }, '2004', 'field-missing'],
  ['another project', { general: { project_id: 211 } }, '2442', 'project-id'],
  ['a project as a text', { general: { project_id: '210' } }, '2442', 'project-id'],
  ['no payment id', { general: { payment_id: undefined } }, '3024', 'field-missing'],
  ['an empty payment id', { general: { payment_id: '' } }, '3024', 'field-missing'],
  ['a number for a payment id', { general: { payment_id: 12 } }, '3024', 'payment-id'],
  ['a payment id of 256 characters', { general: { payment_id: 'x'.repeat(256) } }, '3024', 'payment-id'],
  ['space around the payment id', { general: { payment_id: ' a' } }, '3024', 'payment-id'],
  ['no amount', { payment: { amount: undefined } }, '2004', 'field-missing'],
  ['an amount as a text', { payment: { amount: '1000' } }, '502', 'field-invalid'],
  ['an amount of pesos', { payment: { amount: 100.5 } }, '502', 'fraction'],
  ['nothing', { payment: { amount: 0 } }, '3358', 'amount-range'],
  ['below nothing', { payment: { amount: -10_000 } }, '3358', 'amount-range'],
  ['dollars', { payment: { currency: 'USD' } }, '3023', 'currency'],
  ['no currency of the world', { payment: { currency: 'pesos' } }, '3121', 'currency'],
  ['no currency', { payment: { currency: undefined } }, '2004', 'field-missing'],
  ['no customer', { customer: { id: undefined } }, '2154', 'field-missing'],
  ['a number for a customer', { customer: { id: 7 } }, '2124', 'customer-id'],
  ['no address of the customer', { customer: { ip_address: undefined } }, '2004', 'field-missing'],
  ['a name for an address', { customer: { ip_address: 'localhost' } }, '502', 'ip-address'],
  ['a callback to nowhere', { general: { merchant_callback_url: '/callback' } }, '502', 'callback-url'],
  ['a callback too late', { callback: { delay: 601 } }, '502', 'callback-delay'],
  ['a callback in a text', { callback: { delay: '60' } }, '502', 'callback-delay'],
  ['no callbacks', { callback: { force_disable: 1 } }, '502', 'callback-disabled'],
  ['a long description', { payment: { description: 'x'.repeat(256) } }, '502', 'field-invalid'],
  ['a semicolon', { payment: { description: 'a;b' } }, '502', 'semicolon'],
  ['a semicolon in a key', { customer: { 'a;b': 'c' } }, '502', 'semicolon'],
  ['a field of its own', { payment: { note: 'x' } }, '502', 'field-unknown'],
  ['a member of its own', { note: 'x' }, '502', 'field-unknown'],
  ['a text for an object', { payment: 'x' }, '702', 'field-invalid'],
];

const sales: Case[] = [
  ['₱19.99', { payment: { amount: 1_999 } }, '3358', 'amount-range'],
  ['₱15,000.01', { payment: { amount: 1_500_001 } }, '2642', 'amount-range'],
  ['no e-mail', { customer: { email: undefined } }, '2004', 'field-missing'],
  ['no e-mail address', { customer: { email: 'maria' } }, '2426', 'email'],
  ['nowhere to return', { return_url: { success: undefined } }, '2004', 'field-missing'],
  ['a return to a path', { return_url: { success: '/orders/1' } }, '502', 'return-url'],
  ['a return to a script', { return_url: { decline: 'javascript:0' } }, '502', 'return-url'],
  ['an account', { account: { number: '09171234567' } }, '502', 'field-unknown'],
];

const payouts: Case[] = [
  ['₱0.99', { payment: { amount: 99 } }, '3358', 'amount-range'],
  ['₱20,000.01', { payment: { amount: 2_000_001 } }, '2642', 'amount-range'],
  ['no account', { account: undefined }, '2004', 'field-missing'],
  ['a short number', { account: { number: '0917123456' } }, '20102', 'account-number'],
  ['a number from abroad', { account: { number: '+639171234567' } }, '20102', 'account-number'],
  ['a number as a number', { account: { number: 9_171_234_567 } }, '20102', 'account-number'],
  ['no name', { account: { customer_name: undefined } }, '2004', 'field-missing'],
  ['a return address', { return_url: { success: 'https://shop.example' } }, '502', 'field-unknown'],
];

describe.each([
  ['sale', [...common, ...sales]],
  ['payout', [...common, ...payouts]],
] as const)('a %s with', (kind, cases) => {
  test.each(cases)('%s is refused and noted', (_, more, code, violation) => {
    const rig = createRig({ payoutNeedsSale: false });
    const { status, body } = rig[kind]({ more });
    expect([status, body.status, body.code]).toEqual([400, 'error', code]);
    expect(rig.kinds()[0]).toBe(violation);
    expect(rig.ecommpay.payments()).toEqual([]);
  });

  test.each(kind === 'sale' ? [2_000, 1_500_000] : [100, 2_000_000])(
    '%d centavos are just right',
    (amount) => {
      const rig = createRig({ payoutNeedsSale: false });
      expect(rig[kind]({ amount }).status).toBe(200);
      expect(rig.kinds()).toEqual([]);
    },
  );
});

describe('every request must be', () => {
  const saleText = (rig: ReturnType<typeof createRig>, secret = CREDENTIALS.secret) =>
    writeJson(signed(treeOf(rig.saleBody()) as JsonObject, secret, 'general'));

  test.each([
    ['JSON by its type', { 'content-type': 'text/plain' }, '702', 'content-type'],
    ['of a type', { 'content-type': undefined }, '702', 'content-type'],
    ['ready for JSON', { accept: 'text/html' }, '702', 'accept'],
    ['without Brotli', { 'accept-encoding': 'gzip, br' }, '702', 'accept-encoding'],
  ] as const)('%s', (_, headers, code, kind) => {
    const rig = createRig();
    expect(rig.post(SALE, saleText(rig), headers).body.code).toBe(code);
    expect(rig.kinds()).toEqual([kind]);
  });

  test.each(['', 'x', '[]', '"a"', 'null', '{"a":1', '{}x'])('a JSON object, not %j', (text) => {
    const rig = createRig();
    for (const path of [SALE, '/v2/payment/status', '/v1/balance/get']) {
      expect(rig.post(path, text).body.code).toBe('2003');
    }
    expect(rig.kinds()).toEqual(['body-malformed', 'body-malformed', 'body-malformed']);
  });

  test('signed, with the right secret, in all of its parts', () => {
    const rig = createRig();
    const text = saleText(rig);
    expect(rig.post(SALE, writeJson(treeOf(rig.saleBody()))).body.code).toBe('3262');
    expect(rig.post(SALE, saleText(rig, 'another')).body.code).toBe('3261');
    expect(rig.post(SALE, text.replace('10000', '10001')).body.code).toBe('3261');
    expect(rig.post(SALE, '{}').body.code).toBe('3262');
    expect(rig.kinds().filter((kind) => kind.startsWith('signature'))).toEqual([
      'signature-missing',
      'signature-invalid',
      'signature-invalid',
      'signature-missing',
    ]);
    expect(rig.post(SALE, text).status).toBe(200);
  });

  test('without a key that comes twice', () => {
    const rig = createRig();
    const text = saleText(rig).replace('"amount":10000', '"amount":10000,"amount":10000');
    expect(rig.post(SALE, text).body.code).toBe('2003');
    expect(rig.kinds()).toEqual(['duplicate-key']);
  });

  test.each([
    ['GET', SALE],
    ['POST', `${SALE}?debug=1`],
    ['POST', '/v2/payment/card/sale'],
    ['POST', '/v1/operations'],
    ['GET', '/payment'],
    ['PUT', '/payment?x=1'],
  ])('to an address that there is, not %s %s', (method, address) => {
    const rig = createRig();
    expect(rig.ask({ method, path: address, headers: {}, body: '' }).status).toBe(404);
    expect(rig.kinds()).toEqual(['endpoint-unknown']);
  });
});

test('an entry names call, payment, customer and number, and is listed by either', () => {
  const rig = createRig();
  const { reply } = rig.sale({ id: 'a', customer: 'c-7', amount: 5 });
  rig.sale({ id: 'b', customer: 'c-8', amount: 5 });
  const entry = {
    at: rig.now(),
    kind: 'amount-range',
    call: 'sale',
    detail: 'payment.amount is below 2000',
    customer: 'c-7',
    payment: 'a',
    number: reply.number,
  };
  expect(rig.ecommpay.violations({ customer: 'c-7' })).toEqual([entry]);
  expect(rig.ecommpay.violations({ payment: 'a' })).toEqual([entry]);
  expect(rig.ecommpay.violations()).toHaveLength(2);
});

test('every kind of violation is provoked by some spec', () => {
  const specs = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'))
    .join('\n');
  expect(VIOLATION_KINDS.filter((kind) => !specs.includes(`'${kind}'`))).toEqual([]);
});
