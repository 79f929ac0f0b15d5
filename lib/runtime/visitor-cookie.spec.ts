import { expect, test } from 'vitest';
import { ECOMMPAY } from '#e2e/rig/fake-ecommpay.ts';
import { testSettings } from '#e2e/rig/settings.ts';
import { systemIds } from '../base/ids.ts';
import { makeVisitorKeys, readVisitor, writeVisitor } from '../customer-session/visitor.ts';
import { cookieOfFirstPage } from './visitor-cookie.ts';

const PASSWORD = 'a password for tests, which is long enough';
const keys = makeVisitorKeys(PASSWORD);
const settings = testSettings(ECOMMPAY);

type Asked = { method?: string; address?: string; headers?: Record<string, string>; cookies?: object };

function given({ method = 'GET', address = '/', headers = {}, cookies = {} }: Asked, of = settings) {
  const url = new URL(address, 'http://localhost:3000');
  const jar: Record<string, string> = { ...cookies };
  const page = {
    method,
    path: url.pathname,
    search: url.searchParams,
    headers: new Headers(headers),
    cookie: (name: string) => jar[name],
  };
  return cookieOfFirstPage(page, of);
}

test('C8: a browser gets a signed cookie with its first page, another one each time', () => {
  const [one, other] = [given({ address: '/orders/1?key=k' }), given({})];
  expect(one).toMatchObject({ name: 'visitor', options: { httpOnly: true, sameSite: 'lax', path: '/' } });
  expect(readVisitor(keys, one?.value)).not.toBeNull();
  expect(readVisitor(keys, one?.value)).not.toEqual(readVisitor(keys, other?.value));
});

test.each<[string, Asked, boolean]>([
  ['a browser that has one', { cookies: { visitor: writeVisitor(keys, systemIds.key()) } }, false],
  ['one that is not signed by us', { cookies: { visitor: `${systemIds.key()}.x` } }, true],
  ['a webview with a session', { cookies: { customer: 'sealed' } }, false],
  ['a launch that left no session', { address: '/?launched=1' }, false],
  ['the page that says how to get in', { address: '/open?reason=used' }, false],
  ['a form', { method: 'POST' }, false],
  ['a page that is only looked at', { method: 'HEAD' }, false],
  ['a navigation', { headers: { 'sec-fetch-dest': 'document' } }, true],
  ['what a page loads behind its back', { headers: { 'sec-fetch-dest': 'empty' } }, false],
  ['a part of a page', { headers: { rsc: '1' } }, false],
  ['a page before anybody looks at it', { headers: { 'sec-purpose': 'prefetch;prerender' } }, false],
])('%s', (_name, asked, isGiven) => {
  expect(given(asked) !== null).toBe(isGiven);
});

test('nobody gets one where the rail is off', () => {
  expect(given({}, testSettings())).toBeNull();
});

test('B13: during a change of the password the old cookie stays', () => {
  const visitor = writeVisitor(keys, systemIds.key());
  const changed = { ...ECOMMPAY, SESSION_PASSWORD: 'the password of tomorrow, long enough as well' };
  expect(given({ cookies: { visitor } }, testSettings(changed))).not.toBeNull();
  const known = testSettings({ ...changed, SESSION_PASSWORD_PREVIOUS: PASSWORD });
  expect(given({ cookies: { visitor } }, known)).toBeNull();
});

test('it is for this host only where the app is served over https', () => {
  const secure = { ...settings, APP_URL: new URL('https://shop.example.ph') };
  expect(given({}, secure)).toMatchObject({ name: '__Host-visitor', options: { secure: true } });
  expect(given({ cookies: { '__Host-customer': 'sealed' } }, secure)).toBeNull();
});
