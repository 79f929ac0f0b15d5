import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PageSale, paymentPageAddress } from './payment-page.ts';
import { sign, verify } from './signature.ts';
import { SECRET, SETTINGS } from './spec-helpers.ts';

const SALE: PageSale = {
  paymentId: '01991a2b-0000-7000-8000-000000000001',
  amountCentavos: 149_950,
  customerId: 'c0ffee',
  customerEmail: 'maria.santos+test@example.ph',
  returnUrl: 'https://shop.example.ph/orders/1?from=ecommpay',
  callbackUrl: 'https://shop.example.ph/api/ecommpay/callback',
  language: 'en',
  bestBeforeMs: Date.parse('2030-01-31T10:00:00.999Z'),
};

const address = (changes: Partial<PageSale> = {}) =>
  new URL(paymentPageAddress(SETTINGS, { ...SALE, ...changes }));
const parameters = (url: URL) => Object.fromEntries(url.searchParams);

test('the address holds the sale, in minor units, and its signature', () => {
  const url = address();
  expect(`${url.origin}${url.pathname}`).toBe('https://page.test/payment');
  expect(parameters(url)).toEqual({
    project_id: '580',
    payment_id: SALE.paymentId,
    payment_amount: '149950',
    payment_currency: 'PHP',
    customer_id: 'c0ffee',
    customer_email: 'maria.santos+test@example.ph',
    force_payment_method: 'paymaya-wallet',
    merchant_success_url: SALE.returnUrl,
    merchant_fail_url: SALE.returnUrl,
    merchant_return_url: SALE.returnUrl,
    merchant_callback_url: SALE.callbackUrl,
    language_code: 'en',
    best_before: '2030-01-31T10:00:00+00:00',
    signature: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
  });
  expect(verify(parameters(url), SECRET)).toBe(true);
});

test('without an e-mail address there is no such parameter', () => {
  expect(address({ customerEmail: undefined }).searchParams.has('customer_email')).toBe(false);
});

test('the same sale has the same address', () => expect(address().href).toBe(address().href));

test('E12: no parameter can be changed, added or taken away', () => {
  const whole = parameters(address());
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(whole)), fc.string({ maxLength: 5 }), (name, text) => {
      fc.pre(whole[name] !== text);
      expect(verify({ ...whole, [name]: text }, SECRET)).toBe(false);
      expect(verify({ ...whole, [`${name}_`]: text }, SECRET)).toBe(false);
      expect(verify(Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name)), SECRET)).toBe(
        false,
      );
    }),
  );
  const { signature: _signature, ...rest } = whole;
  expect(whole.signature).toBe(sign(rest, SECRET));
});

describe('what must not be sent is not built', () => {
  test.each<[string, Partial<PageSale>]>([
    ['payment_amount', { amountCentavos: 1_999 }],
    ['payment_amount', { amountCentavos: 1_500_001 }],
    ['payment_amount', { amountCentavos: 2_000.5 }],
    ['payment_amount', { amountCentavos: Number.NaN }],
    ['payment_id', { paymentId: 'a;payment_amount:1' }],
    ['payment_id', { paymentId: 'a:b' }],
    ['customer_id', { customerId: '' }],
    ['customer_id', { customerId: 'Maria Santos' }],
    ['customer_email', { customerEmail: 'a;b@example.ph' }],
    ['customer_email', { customerEmail: 'payment:status@example.ph' }],
    ['customer_email', { customerEmail: 'nobody' }],
    ['customer_email', { customerEmail: `${'x'.repeat(250)}@example.ph` }],
    ['merchant_callback_url', { callbackUrl: 'https://shop.example.ph/;x' }],
    ['merchant_callback_url', { callbackUrl: 'javascript:alert(1)' }],
    ['language_code', { language: 'english' }],
  ])('E18: %s in %j', (member, changes) => {
    const complaint = (() => {
      try {
        return address(changes).href;
      } catch (error) {
        return error as Error;
      }
    })();
    expect(complaint).toMatchObject({
      code: 'ecommpay.request_refused',
      message: `must not be sent: ${member}`,
    });
  });

  test.each([2_000, 1_500_000])('C9: the limits themselves are inside: %i', (amountCentavos) => {
    expect(address({ amountCentavos }).searchParams.get('payment_amount')).toBe(String(amountCentavos));
  });
});
