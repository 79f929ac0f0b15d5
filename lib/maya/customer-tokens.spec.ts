import { expect, test } from 'vitest';
import { readCustomerTokens } from './customer-tokens.ts';

const NOW = Date.parse('2026-11-21T02:00:00Z');
const ACCESS = 'eyJhbGciOiJSU0EtT0FFUC0yNTYifQ.key.iv_-.cipher.tag';
const REFRESH = 'eyJhbGciOiJSUzI1NiJ9.payload.signature';
const read = (body: unknown) => readCustomerTokens(body, NOW);

test('both tokens and the moment the first one ends; other fields are nobody’s business', () => {
  expect(read({ accessToken: ACCESS, refreshToken: REFRESH, expiresAt: 1_767_225_600, more: {} })).toEqual({
    accessToken: ACCESS,
    refreshToken: REFRESH,
    expiresAtMs: 1_767_225_600_000,
  });
});

test('without an expiry they are taken for five minutes', () => {
  expect(read({ accessToken: ACCESS, refreshToken: REFRESH })?.expiresAtMs).toBe(NOW + 300_000);
});

test('a token of 8 KB is taken, one more character is not', () => {
  const long = 'x'.repeat(8 * 1_024);
  expect(read({ accessToken: long, refreshToken: REFRESH })?.accessToken).toBe(long);
  expect(read({ accessToken: `${long}x`, refreshToken: REFRESH })).toBeNull();
});

test.each<[string, unknown]>([
  ['absent', undefined],
  ['null', null],
  ['empty', ''],
  ['a number', 12345678],
  ['an object', { token: ACCESS }],
  ['a list', [ACCESS]],
  ['with a space', 'a b'],
  ['with a line end', `${ACCESS}\r\nX-Other: 1`],
  ['with a trailing line end', `${ACCESS}\n`],
  ['with padding', 'YWI='],
  ['with a plus', 'a+b'],
  ['with a letter of another alphabet', 'é.é.é'],
  ['with a zero byte', 'a\0b'],
  ['over 8 KB', 'x'.repeat(8 * 1_024 + 1)],
])('A1: a token that is %s is none, whichever of the two it is', (_, token) => {
  expect(read({ accessToken: token, refreshToken: REFRESH })).toBeNull();
  expect(read({ accessToken: ACCESS, refreshToken: token })).toBeNull();
});

test.each([[undefined], [null], ['text'], [7], [[]], [[{ accessToken: ACCESS, refreshToken: REFRESH }]]])(
  'A1: %j is no body',
  (body) => expect(read(body)).toBeNull(),
);
