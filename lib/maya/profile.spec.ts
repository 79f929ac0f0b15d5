import { CompactEncrypt, CompactSign, exportJWK, generateKeyPair, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ProfileJwk, ProfileKeys } from './api.ts';
import { type ProfileOutcome, readProfileAnswer } from './profile.ts';

type Pair = { public: ProfileJwk; private: ProfileJwk };

async function makePair(alg: string, kid?: string): Promise<Pair> {
  const pair = await generateKeyPair(alg, { extractable: true });
  const named = async (key: CryptoKey) =>
    ({ ...(await exportJWK(key)), alg, ...(kid ? { kid } : {}) }) as ProfileJwk;
  return { public: await named(pair.publicKey), private: await named(pair.privateKey) };
}

const bytes = (value: unknown) =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

const sign = (value: unknown, key: ProfileJwk, header: { kid?: string; alg?: string } = {}) =>
  new CompactSign(bytes(value)).setProtectedHeader({ alg: key.alg, ...header }).sign(key);

const encrypt = (text: string, key: ProfileJwk, header: { kid?: string } = {}) =>
  new CompactEncrypt(bytes(text))
    .setProtectedHeader({ alg: key.alg, enc: 'A256GCM', cty: 'JWT', ...header })
    .encrypt(key);

let ours: Pair;
let mayas: Pair;
let other: Pair;
let otherSigner: Pair;
let keys: ProfileKeys;
beforeAll(async () => {
  [ours, other, mayas, otherSigner] = await Promise.all([
    makePair('RSA-OAEP-256'),
    makePair('RSA-OAEP-256'),
    makePair('ES256'),
    makePair('ES256'),
  ]);
  keys = { decryption: { keys: [ours.private] }, verification: { keys: [mayas.public] } };
});

const read = (data: unknown, with_: ProfileKeys = keys) => readProfileAnswer(Response.json({ data }), with_);
const nested = async (value: unknown) => encrypt(await sign(value, mayas.private), ours.public);

describe('a nested JWT: signed by Maya, encrypted for us', () => {
  test.each<[string, Record<string, unknown>, string, string | undefined]>([
    ['sub', { sub: 'customer-1', name: 'Juan Dela Cruz' }, 'customer-1', 'Juan Dela Cruz'],
    ['customerId', { customerId: 'customer-1' }, 'customer-1', undefined],
    ['customer_id', { customer_id: 'customer-1' }, 'customer-1', undefined],
    ['sub before others', { customerId: 'b', sub: 'a' }, 'a', undefined],
    ['first and last name', { sub: 'c', firstName: 'Juan', lastName: 'Cruz' }, 'c', 'Juan Cruz'],
    ['given and family name', { sub: 'c', given_name: 'Juan', family_name: 'Cruz' }, 'c', 'Juan Cruz'],
    ['a last name alone', { sub: 'c', lastName: 'Cruz' }, 'c', 'Cruz'],
    ['spaces around', { sub: ' c ', name: ' Juan ' }, 'c', 'Juan'],
    ['claims of other types', { sub: 'c', name: 7, firstName: null, lastName: ['x'] }, 'c', undefined],
    ['an unreadable sub beside a readable id', { sub: 7, customerId: 'c' }, 'c', undefined],
    ['claims nobody knows', { sub: 'c', birthDate: '01-31-1990', address: {} }, 'c', undefined],
  ])('%s', async (_, claims, customerId, name) => {
    expect(await read(await nested(claims))).toEqual({ kind: 'profile', customerId, name });
  });

  test.each<[string, unknown, string]>([
    ['no id', { name: 'Juan' }, 'no_customer_id'],
    ['an empty id', { sub: ' ' }, 'no_customer_id'],
    ['an id that is a number', { sub: 7 }, 'no_customer_id'],
    ['an endless id', { sub: 'x'.repeat(201) }, 'no_customer_id'],
    ['a list', ['customer-1'], 'claims'],
    ['null', null, 'claims'],
    ['text', '"customer-1"', 'claims'],
    ['no JSON', 'customer-1', 'SyntaxError'],
  ])('%s in it is no profile', async (_, claims, reason) => {
    expect(await read(await nested(claims))).toEqual({ kind: 'unreadable', reason });
  });
});

describe('anything else is not read', () => {
  const CLAIMS = { sub: 'customer-1' };

  test.each<[string, () => Promise<string>, string]>([
    [
      'encrypted for somebody else',
      async () => encrypt(await sign(CLAIMS, mayas.private), other.public),
      'ERR_JWE_DECRYPTION_FAILED',
    ],
    [
      'signed by somebody else',
      async () => encrypt(await sign(CLAIMS, otherSigner.private), ours.public),
      'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    ],
    [
      'alg none',
      async () => encrypt(new UnsecuredJWT(CLAIMS).encode(), ours.public),
      'ERR_JOSE_ALG_NOT_ALLOWED',
    ],
    ['not signed at all', async () => encrypt(JSON.stringify(CLAIMS), ours.public), 'ERR_JWS_INVALID'],
    ['not encrypted', async () => sign(CLAIMS, mayas.private), 'ERR_JWE_INVALID'],
    [
      'signed with the public key as a secret',
      async () => {
        const secret = bytes(JSON.stringify(mayas.public));
        const token = await new CompactSign(bytes(CLAIMS)).setProtectedHeader({ alg: 'HS256' }).sign(secret);
        return encrypt(token, ours.public);
      },
      'ERR_JOSE_ALG_NOT_ALLOWED',
    ],
    [
      'encrypted in a way that was not agreed',
      async () => encrypt(await sign(CLAIMS, mayas.private), { ...ours.public, alg: 'RSA-OAEP' }),
      'ERR_JOSE_ALG_NOT_ALLOWED',
    ],
    [
      'changed on its way',
      async () => {
        const parts = (await nested(CLAIMS)).split('.');
        const text = parts[3] ?? '';
        parts[3] = (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
        return parts.join('.');
      },
      'ERR_JWE_DECRYPTION_FAILED',
    ],
    ['cut short', async () => (await nested(CLAIMS)).slice(0, -5), 'ERR_JWE_INVALID'],
    ['no token', async () => 'hello', 'ERR_JWE_INVALID'],
    ['an empty one', async () => '', 'no_data'],
    ['one too large', async () => 'x'.repeat(70_000), 'no_data'],
  ])('%s', async (_, make, reason) => {
    expect(await read(await make())).toEqual({ kind: 'unreadable', reason });
  });
});

describe('two keys at a time, for rotation', () => {
  test('the one that the token names, on both layers', async () => {
    const [a, b] = await Promise.all([makePair('RSA-OAEP-256', 'a'), makePair('RSA-OAEP-256', 'b')]);
    const [x, y] = await Promise.all([makePair('ES256', 'x'), makePair('ES256', 'y')]);
    const both: ProfileKeys = {
      decryption: { keys: [a.private, b.private] },
      verification: { keys: [x.public, y.public] },
    };
    const token = async (outer: Pair, inner: Pair) =>
      encrypt(
        await sign({ sub: `${inner.public.kid}` }, inner.private, { kid: `${inner.public.kid}` }),
        outer.public,
        { kid: `${outer.public.kid}` },
      );
    for (const [outer, inner] of [
      [a, x],
      [b, x],
      [a, y],
      [b, y],
    ] as const)
      expect(await read(await token(outer, inner), both)).toMatchObject({ customerId: inner.public.kid });
  });

  test('a token that names no key, or one we do not know, is opened with whichever fits', async () => {
    const [a, b] = await Promise.all([makePair('RSA-OAEP-256', 'a'), makePair('RSA-OAEP-256', 'b')]);
    const [x, y] = await Promise.all([makePair('ES256', 'x'), makePair('ES256', 'y')]);
    const both: ProfileKeys = {
      decryption: { keys: [a.private, b.private] },
      verification: { keys: [x.public, y.public] },
    };
    for (const kid of [undefined, 'unknown']) {
      const named = kid ? { kid } : {};
      const data = await encrypt(await sign({ sub: 'c-1' }, y.private, named), b.public, named);
      expect(await read(data, both)).toMatchObject({ customerId: 'c-1' });
    }
  });

  test('a token that names no key is opened with the only one there is', async () => {
    const [outer, inner] = await Promise.all([makePair('RSA-OAEP-256', 'a'), makePair('ES256', 'x')]);
    const named = { decryption: { keys: [outer.private] }, verification: { keys: [inner.public] } };
    const token = await encrypt(await sign({ sub: 'customer-1' }, inner.private), outer.public);
    expect(await read(token, named)).toMatchObject({ customerId: 'customer-1' });
  });

  test('a name that nobody knows opens nothing that our keys would not', async () => {
    const forged = await sign({ sub: 'x' }, otherSigner.private, { kid: 'unknown' });
    expect((await read(await encrypt(forged, ours.public, { kid: 'unknown' }))).kind).toBe('unreadable');
  });
});

describe('no profile', () => {
  test.each<[string, Response, ProfileOutcome]>([
    ['401', new Response('', { status: 401 }), { kind: 'unauthorized', status: 401, code: null }],
    [
      '403',
      Response.json({ code: 'K003' }, { status: 403 }),
      { kind: 'unauthorized', status: 403, code: 'K003' },
    ],
    [
      '404',
      Response.json({ code: 'PY0009' }, { status: 404 }),
      { kind: 'unclear', reason: 'status_404', status: 404, code: 'PY0009' },
    ],
    [
      '503',
      new Response('<html></html>', { status: 503 }),
      { kind: 'unclear', reason: 'status_503', status: 503, code: null },
    ],
    ['HTML', new Response('<html></html>', { status: 200 }), { kind: 'unreadable', reason: 'no_data' }],
    [
      'data under a 3xx',
      Response.json({ data: 'x' }, { status: 300 }),
      { kind: 'unclear', reason: 'status_300', status: 300, code: null },
    ],
    ['no data', Response.json({ profile: {} }), { kind: 'unreadable', reason: 'no_data' }],
    ['data that is no text', Response.json({ data: {} }), { kind: 'unreadable', reason: 'no_data' }],
    ['nothing', new Response(null, { status: 204 }), { kind: 'unreadable', reason: 'no_data' }],
  ])('%s', async (_, response, outcome) => expect(await readProfileAnswer(response, keys)).toEqual(outcome));
});
