import { expect, test } from 'vitest';
import { customerAddress } from './customer-address.ts';

test.each([
  ['203.0.113.7', 1, 'production', '203.0.113.7'],
  ['10.0.0.1, 203.0.113.7', 1, 'production', '203.0.113.7'],
  ['203.0.113.7, 198.51.100.1', 2, 'sandbox', '203.0.113.7'],
  ['203.0.113.7', 0, 'production', null],
  [null, 1, 'production', null],
  ['203.0.113.7', 0, 'simulator', '127.0.0.1'],
  [null, 0, 'simulator', '127.0.0.1'],
] as const)('%s behind %i proxies in %s: %s', (forwarded, hops, mode, address) => {
  const headers = new Headers(forwarded === null ? {} : { 'x-forwarded-for': forwarded });
  expect(customerAddress(headers, { TRUSTED_PROXY_HOPS: hops, MAYA_MODE: mode })).toBe(address);
});
