import { expect, test } from 'vitest';
import { isOwnRequest, pageOfRequest } from './origin.ts';

const SHOP = 'https://shop.example.ph';

test.each<[string, Record<string, string>, boolean]>([
  ['a form of ours', { origin: SHOP, 'sec-fetch-site': 'same-origin' }, true],
  ['a form of ours, from a browser without Sec-Fetch-Site', { origin: SHOP }, true],
  ['a form of ours, from a browser without Origin', { 'sec-fetch-site': 'same-origin' }, true],
  ['C31: curl, which sends neither', {}, false],
  ['C31: curl, which names another host', { host: 'shop.example.ph' }, false],
  ['C32: Origin null', { origin: 'null' }, false],
  ['C32: Origin null, whatever else is said', { origin: 'null', 'sec-fetch-site': 'same-origin' }, false],
  ['an empty Origin', { origin: '' }, false],
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, false],
  [
    'another site that claims to be the same',
    { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    false,
  ],
  ['a sibling', { origin: 'https://other.example.ph', 'sec-fetch-site': 'same-site' }, false],
  ['a subdomain', { origin: 'https://x.shop.example.ph' }, false],
  ['a name that ends alike', { origin: 'https://evilshop.example.ph' }, false],
  ['a name that begins alike', { origin: 'https://shop.example.ph.evil.example' }, false],
  ['our name over http', { origin: 'http://shop.example.ph' }, false],
  ['our name on another port', { origin: 'https://shop.example.ph:8443' }, false],
  ['our name with a path', { origin: `${SHOP}/` }, false],
  ['our name in a list', { origin: `${SHOP}, https://evil.example` }, false],
  ['a sibling without Origin', { 'sec-fetch-site': 'same-site' }, false],
  ['another site without Origin', { 'sec-fetch-site': 'cross-site' }, false],
  ['typed into the address bar', { 'sec-fetch-site': 'none' }, false],
  [
    'C33: a forged X-Forwarded-Host that fits a foreign Origin',
    { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example', host: 'evil.example' },
    false,
  ],
  [
    'C33: a forged X-Forwarded-Host beside our Origin changes nothing',
    { origin: SHOP, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
    true,
  ],
  ['C33: a Referer of ours alone', { referer: `${SHOP}/cart` }, false],
])('%s', (_name, headers, own) => {
  expect(isOwnRequest(new Headers(headers), new URL(SHOP))).toBe(own);
});

test('on a port of its own, as a developer’s machine has', () => {
  const appUrl = new URL('http://localhost:3000');
  const from = (origin: string) => isOwnRequest(new Headers({ origin }), appUrl);
  expect(from('http://localhost:3000')).toBe(true);
  expect(from('http://localhost:4000')).toBe(false);
  expect(from('http://127.0.0.1:3000')).toBe(false);
});

test.each([
  ['https://shop.example/cart', '/cart'],
  ['https://shop.example/orders/1?notice=added&x=1', '/orders/1?x=1'],
  ['https://shop.example/', '/'],
  ['https://evil.example/cart', '/'],
  ['https://shop.example//evil.example/cart', '/'],
  ['http://shop.example/cart', '/'],
  ['cart', '/'],
  [null, '/'],
])('a request from %s goes back to %s', (referer, page) => {
  const headers = new Headers(referer === null ? {} : { referer });
  expect(pageOfRequest(headers, new URL('https://shop.example'))).toBe(page);
});
