import { describe, expect, test } from 'vitest';
import { TestClock } from '#e2e/rig/test-clock.ts';
import { makeTestLog } from '#e2e/rig/test-log.ts';
import type { FetchInit } from '../base/http.ts';
import { systemIds } from '../base/ids.ts';
import type { MayaApi, MayaSettings } from './api.ts';
import { requestClientToken } from './client-token.ts';
import { createPayment } from './create-payment.ts';
import { executePayment } from './execute-payment.ts';
import { callHeaders } from './headers.ts';
import { getProfile } from './profile.ts';
import { refreshTokens } from './refresh-tokens.ts';

const REFERENCE = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const ID = '7d9c2f8a-1c51-4a7e-8a3b-5f0a3b1d9e42';
const TOKENS = { client: 'CLIENT.TOKEN.x', customer: 'CUSTOMER.TOKEN.a.b.c' };
const EXPECTED = { p2mId: 'P2M-1', amountCentavos: 149_950, requestReferenceNumber: REFERENCE };
const NO_KEYS = { decryption: { keys: [] }, verification: { keys: [] } };

/** A network's edge that writes down what was sent. */
function bench(changes: Partial<MayaSettings> = {}) {
  const sent: (FetchInit & { url: string })[] = [];
  const { log, lines, text } = makeTestLog();
  const api: MayaApi = {
    settings: {
      apiUrl: 'https://maya.test/base',
      tokenUrl: 'https://connect.test/oauth/token?x=1',
      clientId: 'client-1',
      clientSecret: 'client:secret-ñ',
      p2mId: 'P2M-1',
      xAuthorizationPrefix: '',
      executeBody: '{}',
      tokenRequest: 'form',
      scope: undefined,
      timeoutMs: 20_000,
      executeTimeoutMs: 60_000,
      profileKeys: undefined,
      ...changes,
    },
    fetch: async (url, init) => {
      sent.push({ url, ...init });
      return new Response('', { status: 503 });
    },
    clock: new TestClock(),
    ids: systemIds,
    log,
  };
  return { api, sent, lines, logText: text };
}

const calls = {
  create: (api: MayaApi) => createPayment(api, TOKENS, EXPECTED),
  execute: (api: MayaApi) => executePayment(api, TOKENS, ID, REFERENCE, EXPECTED),
  profile: (api: MayaApi) => getProfile(api, TOKENS, REFERENCE, NO_KEYS),
  tokens: (api: MayaApi) => refreshTokens(api, TOKENS.client, 'REFRESH.TOKEN.x', REFERENCE),
  client_token: (api: MayaApi) => requestClientToken(api),
};

async function send(name: keyof typeof calls, changes: Partial<MayaSettings> = {}) {
  const { api, sent } = bench(changes);
  await calls[name](api);
  const [call] = sent;
  if (!call || sent.length > 1) throw new Error(`sent ${sent.length} requests`);
  return call;
}

const COMMON = {
  'Content-Type': 'application/json',
  Accept: 'application/json',
  'Accept-Encoding': 'gzip, deflate',
  'Request-Reference-No': REFERENCE,
  Authorization: `Bearer ${TOKENS.client}`,
};
const CUSTOMER = { ...COMMON, 'X-Authorization': TOKENS.customer };

describe('contract 3: each call, to the letter', () => {
  test.each([
    [
      'create',
      'POST',
      'https://maya.test/base/merchant/payments',
      CUSTOMER,
      '{"p2mId":"P2M-1","amount":{"currency":"PHP","value":1499.5}}',
    ],
    ['execute', 'POST', `https://maya.test/base/merchant/payments/${ID}/execute`, CUSTOMER, '{}'],
    ['profile', 'GET', 'https://maya.test/base/profile', CUSTOMER, undefined],
    ['tokens', 'POST', 'https://maya.test/base/tokens', COMMON, '{"refreshToken":"REFRESH.TOKEN.x"}'],
    [
      'client_token',
      'POST',
      'https://connect.test/oauth/token?x=1',
      {
        Authorization: `Basic ${Buffer.from('client-1:client:secret-ñ').toString('base64')}`,
        'Content-Type': 'application/x-www-form-urlencoded',
        Accept: 'application/json',
        'Accept-Encoding': 'gzip, deflate',
      },
      'grant_type=client_credentials',
    ],
  ] as const)('%s', async (name, method, url, headers, body) => {
    const { signal, ...call } = await send(name);
    expect(call).toEqual({
      url,
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    expect(signal).toBeInstanceOf(AbortSignal);
  });

  test.each(Object.keys(calls) as (keyof typeof calls)[])('%s asks for no Brotli', async (name) => {
    expect((await send(name)).headers['Accept-Encoding']).not.toMatch(/br|\*/);
  });
});

describe('what the contract leaves open is a setting', () => {
  test.each(['create', 'execute', 'profile'] as const)('the prefix of X-Authorization: %s', async (name) => {
    const { headers } = await send(name, { xAuthorizationPrefix: 'Bearer ' });
    expect(headers['X-Authorization']).toBe(`Bearer ${TOKENS.customer}`);
  });

  test('POST /tokens carries no X-Authorization under any setting', async () => {
    const { headers } = await send('tokens', { xAuthorizationPrefix: 'Bearer ' });
    expect(headers).not.toHaveProperty('X-Authorization');
  });

  test('execute without a body', async () => {
    expect(await send('execute', { executeBody: 'none' })).not.toHaveProperty('body');
  });

  test.each([
    ['form', undefined, 'application/x-www-form-urlencoded', 'grant_type=client_credentials'],
    [
      'form',
      'openid profile',
      'application/x-www-form-urlencoded',
      'grant_type=client_credentials&scope=openid+profile',
    ],
    ['json', undefined, 'application/json', '{"grant_type":"client_credentials"}'],
    ['json', 'openid', 'application/json', '{"grant_type":"client_credentials","scope":"openid"}'],
  ] as const)('the token request as %s, scope %s', async (tokenRequest, scope, type, body) => {
    const call = await send('client_token', { tokenRequest, scope });
    expect([call.headers['Content-Type'], call.body]).toEqual([type, body]);
  });
});

test('each attempt carries the reference it was recorded with', async () => {
  const references = ['1-first', '2-second'];
  const { api, sent } = bench();
  for (const reference of references) await executePayment(api, TOKENS, ID, reference, EXPECTED);
  for (const requestReferenceNumber of references)
    await createPayment(api, TOKENS, { ...EXPECTED, requestReferenceNumber });
  expect(sent.map(({ headers }) => headers['Request-Reference-No'])).toEqual([...references, ...references]);
});

test.each([
  [100, '1'],
  [1, '0.01'],
  [149_905, '1499.05'],
  [29, '0.29'],
  [999_999_999_999, '9999999999.99'],
])('%s centavos go out as %s', async (amountCentavos, wire) => {
  const { api, sent } = bench();
  await createPayment(api, TOKENS, { ...EXPECTED, amountCentavos });
  expect(sent[0]?.body).toContain(`"value":${wire}}`);
});

test('C9: what is no amount is not sent', () => {
  const { api, sent } = bench();
  for (const amountCentavos of [-1, 0.5, Number.NaN, 1e21])
    expect(() => createPayment(api, TOKENS, { ...EXPECTED, amountCentavos })).toThrow(RangeError);
  expect(sent).toEqual([]);
});

test('an id cannot lead an execute to another address', async () => {
  const { api, sent } = bench();
  await executePayment(api, TOKENS, '../x?y#z', REFERENCE, EXPECTED);
  expect(sent[0]?.url).toBe('https://maya.test/base/merchant/payments/..%2Fx%3Fy%23z/execute');
});

test('F4: one line of log a call, with its reference and without a token or a secret', async () => {
  for (const [name, call] of Object.entries(calls)) {
    const { api, lines, logText } = bench();
    await call(api);
    const reference = name === 'client_token' ? undefined : REFERENCE;
    expect(lines).toEqual([expect.objectContaining({ event: 'maya.call', call: name, status: 503 })]);
    expect(lines[0]?.reference).toBe(reference);
    expect(logText()).not.toMatch(/TOKEN|secret|Basic|Bearer/);
  }
});

test('headers are made anew for every call', () => {
  expect(callHeaders('a', 'b')).not.toBe(callHeaders('a', 'b'));
});
