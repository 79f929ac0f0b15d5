import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRedirect } from './redirect-data.ts';

const URL_OF_THE_DOCS = 'https://test.ph/Pay.aspx?tokenid=3f511c2d&procid=BITC';
const get = (url: unknown) => readRedirect({ url, method: 'GET', body: {} });

describe('where the customer is sent', () => {
  test.each<[string, unknown, unknown]>([
    [
      'as documented',
      { body: {}, method: 'GET', url: URL_OF_THE_DOCS },
      { method: 'GET', url: URL_OF_THE_DOCS },
    ],
    [
      'an empty list for a body',
      { body: [], method: 'get', url: URL_OF_THE_DOCS },
      { method: 'GET', url: URL_OF_THE_DOCS },
    ],
    ['a url alone', { url: URL_OF_THE_DOCS }, { method: 'GET', url: URL_OF_THE_DOCS }],
    [
      'GET with members: they are left out',
      { url: URL_OF_THE_DOCS, body: { a: '1' } },
      { method: 'GET', url: URL_OF_THE_DOCS },
    ],
    [
      'a form',
      {
        method: 'POST',
        url: URL_OF_THE_DOCS,
        body: { PaReq: 'x', n: 1, big: 12345678901234567890n, ok: true },
      },
      {
        method: 'POST',
        url: URL_OF_THE_DOCS,
        fields: { PaReq: 'x', n: '1', big: '12345678901234567890', ok: 'true' },
      },
    ],
    [
      'an empty form',
      { method: 'POST', url: URL_OF_THE_DOCS, body: [] },
      { method: 'POST', url: URL_OF_THE_DOCS, fields: {} },
    ],
    [
      'another port',
      { url: 'https://pay.example:8443/x' },
      { method: 'GET', url: 'https://pay.example:8443/x' },
    ],
    [
      'other letters',
      { url: 'https://pâté.example/x' },
      { method: 'GET', url: 'https://xn--pt-pia3a.example/x' },
    ],
  ])('%s', (_name, data, redirect) => expect(readRedirect(data)).toEqual(redirect));

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', URL_OF_THE_DOCS],
    ['no url', { method: 'GET' }],
    ['another method', { url: URL_OF_THE_DOCS, method: 'PUT' }],
    ['a nested form', { url: URL_OF_THE_DOCS, method: 'POST', body: { a: { b: '1' } } }],
    ['a list in a form', { url: URL_OF_THE_DOCS, method: 'POST', body: { a: ['1'] } }],
    ['a filled list', { url: URL_OF_THE_DOCS, method: 'POST', body: ['1'] }],
    ['null in a form', { url: URL_OF_THE_DOCS, method: 'POST', body: { a: null } }],
    [
      'a huge form',
      {
        url: URL_OF_THE_DOCS,
        method: 'POST',
        body: Object.fromEntries([...Array(51).keys()].map((n) => [`f${n}`, '1'])),
      },
    ],
  ])('nowhere: %s', (_name, data) => expect(readRedirect(data)).toBeNull());
});

describe('E17: no hostile address', () => {
  test.each([
    'http://pay.example/x',
    'javascript:alert(1)',
    'data:text/html,x',
    '//pay.example/x',
    '/orders/1',
    'https://',
    'https://localhost/x',
    'https://LOCALHOST./x',
    'https://shop.localhost/x',
    'https://printer/x',
    'https://printer.local/x',
    'https://db.internal/x',
    'https://127.0.0.1/x',
    'https://127.1/x',
    'https://0x7f000001/x',
    'https://2130706433/x',
    'https://0/x',
    'https://10.1.2.3/x',
    'https://172.31.0.1/x',
    'https://192.168.1.1/x',
    'https://169.254.169.254/latest',
    'https://100.64.0.1/x',
    'https://224.0.0.1/x',
    'https://255.255.255.255/x',
    'https://[::1]/x',
    'https://[::]/x',
    'https://[::ffff:10.0.0.1]/x',
    'https://[64:ff9b::10.0.0.1]/x',
    'https://[2002:0a00:0001::1]/x',
    'https://[fe80::1]/x',
    'https://[fd00::1]/x',
    'https://me:secret@pay.example/x',
    'https://me@pay.example/x',
    'ht\ntp://127.0.0.1/x',
    `https://pay.example/${'x'.repeat(4_096)}`,
  ])('%s', (url) => expect(get(url)).toBeNull());

  test.each([
    'https://203.0.113.7/x',
    'https://172.32.0.1/x',
    'https://[2606:4700::1]/x',
    'https://pay.example/x',
  ])('a public one is taken: %s', (url) => expect(get(url)).toEqual({ method: 'GET', url }));

  test('whatever is taken is https, and what a browser makes of it is what was looked at', () => {
    const part = fc.constantFrom(
      'https:',
      'http:',
      '//',
      '/',
      '\\',
      '\t',
      '\n',
      ' ',
      '@',
      ':',
      '#',
      '?',
      '127.0.0.1',
      'localhost',
      'pay.example',
      'x',
      '.',
      '%2e',
      '[::1]',
      '0x7f.1',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const redirect = get(`https://${parts.join('')}`) ?? get(parts.join(''));
        if (!redirect) return;
        const target = new URL(redirect.url);
        expect(target.href).toBe(redirect.url);
        expect(target.protocol).toBe('https:');
        expect(target.username).toBe('');
        expect(target.hostname).not.toMatch(/^(localhost\.?|127(\.\d+){3}|0(\.\d+){3}|\[.*)$/);
        expect(redirect.url.split(/[?#]/)[0]).not.toMatch(/[\s\\]/);
      }),
      { numRuns: 5_000 },
    );
  });
});

test('the simulator may stand on loopback where it is named', () => {
  const data = { url: 'http://localhost:4000/ecommpay/wallet?x=1' };
  expect(readRedirect(data)).toBeNull();
  expect(readRedirect(data, 'http://localhost:4000')).toEqual({ method: 'GET', url: data.url });
  expect(readRedirect(data, 'http://localhost:4001')).toBeNull();
  expect(readRedirect({ url: 'http://x@localhost:4000/' }, 'http://localhost:4000')).toBeNull();
});
