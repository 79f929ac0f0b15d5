import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientAddress, makeAllowList } from './client-address.ts';

describe('the address that the outermost trusted proxy saw', () => {
  test.each<[string, string | null, number, string | null]>([
    ['no proxy, so nothing can be believed', '203.0.113.7', 0, null],
    ['no header', null, 1, null],
    ['an empty header', '', 1, null],
    ['one proxy', '203.0.113.7', 1, '203.0.113.7'],
    ['two proxies', '203.0.113.7, 10.0.0.2', 2, '203.0.113.7'],
    ['what the client itself wrote stands left of it', '192.0.2.1, 203.0.113.7', 1, '203.0.113.7'],
    ['the same behind two proxies', '192.0.2.1, 203.0.113.7, 10.0.0.2', 2, '203.0.113.7'],
    ['fewer entries than proxies', '203.0.113.7', 2, null],
    ['not an address', '192.0.2.1, unknown', 1, null],
    ['an obfuscated name', '192.0.2.1, _hidden', 1, null],
    ['an empty entry', '203.0.113.7, ', 1, null],
    ['IPv6', '2001:db8::7', 1, '2001:db8::7'],
    ['IPv6 in brackets', '[2001:db8::7]', 1, '2001:db8::7'],
    ['IPv6 with a port', '[2001:db8::7]:4711', 1, '2001:db8::7'],
    ['IPv4 with a port', '203.0.113.7:4711', 1, '203.0.113.7'],
    ['blanks around it', '  203.0.113.7  ', 1, '203.0.113.7'],
  ])('%s', (_name, forwardedFor, hops, address) => {
    expect(clientAddress(forwardedFor, hops)).toBe(address);
  });

  test('whatever a client writes into X-Forwarded-For moves nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), fc.integer({ min: 1, max: 3 }), (written, address, hops) => {
        const proxies = Array.from({ length: hops - 1 }, (_, proxy) => `10.0.0.${proxy}`);
        expect(clientAddress([written, address, ...proxies].join(', '), hops)).toBe(address);
      }),
    );
  });
});

describe('the allow-list', () => {
  test.each<[string, string[], string, boolean]>([
    ['the address itself', ['203.0.113.7'], '203.0.113.7', true],
    ['its neighbour', ['203.0.113.7'], '203.0.113.8', false],
    ['one of several', ['203.0.113.7', '198.51.100.1'], '198.51.100.1', true],
    ['the first of a range', ['198.51.100.0/24'], '198.51.100.0', true],
    ['the last of a range', ['198.51.100.0/24'], '198.51.100.255', true],
    ['just behind a range', ['198.51.100.0/24'], '198.51.101.0', false],
    ['a range of one', ['198.51.100.9/32'], '198.51.100.10', false],
    ['a mapped address counts as its IPv4 address', ['203.0.113.7'], '::ffff:203.0.113.7', true],
    ['the same in capitals', ['203.0.113.7'], '::FFFF:203.0.113.7', true],
    ['the same in hexadecimal', ['203.0.113.7'], '::ffff:cb00:7107', true],
    ['a mapped address in a range', ['203.0.113.0/24'], '::ffff:203.0.113.200', true],
    ['a mapped address of somebody else', ['203.0.113.7'], '::ffff:203.0.113.8', false],
    ['an entry that is written mapped', ['::ffff:203.0.113.7'], '203.0.113.7', true],
    ['IPv6', ['2001:db8::7'], '2001:db8::7', true],
    ['IPv6 written in full', ['2001:db8::7'], '2001:0DB8:0:0:0:0:0:7', true],
    ['another IPv6', ['2001:db8::7'], '2001:db8::8', false],
    ['in an IPv6 range', ['2001:db8::/32'], '2001:db8:ffff::1', true],
    ['outside an IPv6 range', ['2001:db8::/32'], '2001:db9::1', false],
    ['IPv4 where only IPv6 is allowed', ['2001:db8::/32'], '203.0.113.7', false],
  ])('%s', (_name, entries, address, allowed) => {
    expect(makeAllowList(entries)(address)).toBe(allowed);
  });
});
