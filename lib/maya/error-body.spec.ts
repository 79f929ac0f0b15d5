import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTokenCode, readErrorBody, retryAfterMs } from './error-body.ts';

const read = (value: unknown) => readErrorBody({ kind: 'json', value });
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';

describe('the four shapes of Maya’s error bodies', () => {
  test.each<[string, unknown, string | null, string | undefined]>([
    ['A', { code: 'PY0010', message: 'The payment has already been processed' }, 'PY0010', undefined],
    [
      'A, with parameters',
      { code: '2553', message: 'x', parameters: [{ field: 'amount' }] },
      '2553',
      undefined,
    ],
    ['A, a number', { code: 2553, message: 'x' }, '2553', undefined],
    [
      'B',
      {
        error: 'Invalid authentication credentials.',
        code: 'K003',
        reference: 'a3c0f7d2-0d5c-4a0e-9b6a-000000000000',
      },
      'K003',
      'a3c0f7d2-0d5c-4a0e-9b6a-000000000000',
    ],
    [
      'C',
      { error: 'invalid_client', error_description: 'Bad client credentials' },
      'invalid_client',
      undefined,
    ],
    ['D', [{ logref: 'L-1', code: 'PY0044', message: 'x', links: [] }, { code: 'PY0001' }], 'PY0044', 'L-1'],
    ['nested', { error: { code: 'PY0009', message: 'x' } }, 'PY0009', undefined],
    ['errorCode', { errorCode: 'PY0064' }, 'PY0064', undefined],
    ['code before all others', { error: 'c', errorCode: 'b', code: 'a' }, 'a', undefined],
    ['errorCode before error', { error: { code: 'c' }, errorCode: 'b' }, 'b', undefined],
    ['spaces around it', { code: '  PY0010\n' }, 'PY0010', undefined],
    ['an empty code', { code: '', error: 'invalid_token' }, 'invalid_token', undefined],
    ['null for a code', { code: null, errorCode: 'PY0001' }, 'PY0001', undefined],
  ])('%s', (_, value, code, upstreamReference) => expect(read(value)).toEqual({ code, upstreamReference }));
});

describe('no code', () => {
  test.each<[string, unknown]>([
    ['a sentence', { error: 'The payment has already been processed' }],
    ['a message', { message: 'PY0010', description: 'PY0010' }],
    ['F4: a token where a code should be', { code: JWT, error: JWT, reference: JWT }],
    ['F4: the beginning of a token', { code: JWT.slice(0, 20) }],
    ['long text', { code: 'x'.repeat(41) }],
    ['half a number', { code: 25.53 }],
    ['a number too large to be one', { code: 2 ** 53 }],
    ['a truth', { code: true }],
    ['a list in a list', [[{ code: 'PY0010' }]]],
    ['an empty list', []],
    ['text', 'PY0010'],
    ['a number', 2553],
    ['null', null],
  ])('%s', (_, value) => expect(read(value)).toEqual({ code: null, upstreamReference: undefined }));

  test.each(['empty', 'not_json', 'too_large'] as const)('a body that is %s', (kind) => {
    expect(readErrorBody({ kind }).code).toBeNull();
  });

  test('a body that broke off', () => {
    expect(readErrorBody({ kind: 'cut', error: 'PY0010' }).code).toBeNull();
  });
});

test('C37: whatever the body, what is read is null or a short word without spaces, and nothing throws', () => {
  const field = fc.oneof(fc.string(), fc.jsonValue());
  const body = fc.record(
    { code: field, errorCode: field, error: field, reference: field, logref: field },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(body, fc.array(body), fc.jsonValue()), (value) => {
      const { code, upstreamReference } = read(value);
      for (const text of [code, upstreamReference]) expect(text ?? 'x').toMatch(/^[\w.-]{1,40}$/);
    }),
  );
});

describe('codes that speak of a token', () => {
  test.each([
    'invalid_token',
    'expired_token',
    'invalid_access_token',
    'expired_access_token',
    'token_expired',
    'token_invalid',
    'access_token_expired',
    'INVALID_TOKEN',
    'K001',
    'K002',
    'K003',
    'K004',
  ])('%s does', (code) => expect(isTokenCode(code)).toBe(true));

  test.each([null, '', 'token', 'K005', 'K0010', 'PY0010', '2553', 'invalid_tokens', 'my_invalid_token'])(
    '%s does not',
    (code) => expect(isTokenCode(code)).toBe(false),
  );
});

describe('C39: Retry-After', () => {
  const NOW = Date.parse('2026-11-21T02:00:00Z');
  const HOUR = 3_600_000;

  test.each<[string | undefined, number]>([
    ['0', 0],
    ['1', 1_000],
    [' 120 ', 120_000],
    ['86400', HOUR],
    ['999999999', HOUR],
    ['Sat, 21 Nov 2026 02:00:30 GMT', 30_000],
    ['Saturday, 21-Nov-26 02:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 01:59:00 GMT', 0],
    ['Sun, 22 Nov 2026 02:00:00 GMT', HOUR],
    [undefined, 1_000],
    ['', 1_000],
    ['soon', 1_000],
    ['in 5', 1_000],
    ['-1', 1_000],
    ['1.5', 1_000],
    ['1e3', 1_000],
    ['2026', 2_026_000],
    ['not a date GMT', 1_000],
  ])('%j is %s ms', (header, expected) => {
    const headers: Record<string, string> = header === undefined ? {} : { 'retry-after': header };
    expect(retryAfterMs(new Response(null, { headers }), NOW)).toBe(expected);
  });
});
