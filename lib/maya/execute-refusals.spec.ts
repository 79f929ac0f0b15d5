import { describe, expect, test } from 'vitest';
import { type ExecuteOutcome, readExecuteAnswer } from './execute-payment.ts';

const NOW = Date.parse('2026-11-21T02:00:00Z');
const EXPECTED = { p2mId: 'P2M', amountCentavos: 149_950, requestReferenceNumber: 'reference' };

const read = (response: Response) => readExecuteAnswer(response, 'a-payment-of-ours', EXPECTED, NOW);
const answer = (status: number, body?: unknown, headers: Record<string, string> = {}) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
const withCode = (status: number, code: string) => answer(status, { code, message: 'x' });

const kindOf = async (status: number, code?: string) =>
  (await read(code === undefined ? answer(status) : withCode(status, code))).kind;

const STATUSES = [400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504];

describe('C21, C22: PY0010 says "already processed" under whichever status it comes', () => {
  test.each([200, 201, ...STATUSES])('%s', async (status) => {
    expect(await read(withCode(status, 'PY0010'))).toEqual({ kind: 'already_processed' });
  });

  test.each<[string, unknown]>([
    ['A', { code: 'PY0010', message: 'The payment has already been processed' }],
    ['A, with spaces', { code: ' PY0010 ' }],
    ['errorCode', { errorCode: 'PY0010' }],
    ['nested', { error: { code: 'PY0010', message: 'x' } }],
    ['C', { error: 'PY0010' }],
    ['D', [{ logref: 'x', code: 'PY0010', message: 'x', links: [] }]],
  ])('in shape %s', async (_, body) => {
    expect(await read(answer(400, body))).toEqual({ kind: 'already_processed' });
  });

  test.each(['py0010', 'PY00100', 'The payment has already been processed', 'PY0010 x'])(
    'but not for %j',
    async (code) => expect((await read(withCode(409, code))).kind).toBe('unclear'),
  );
});

describe('codes that a 4xx gives a meaning, and nothing else does', () => {
  const codes: [code: string, outcome: ExecuteOutcome][] = [
    ['PY0105', { kind: 'decline_code', code: 'PY0105' }],
    ['PY0119', { kind: 'decline_code', code: 'PY0119' }],
    ['PY0123', { kind: 'decline_code', code: 'PY0123' }],
    ['2553', { kind: 'refused', code: '2553' }],
    ['PY0017', { kind: 'refused', code: 'PY0017' }],
    ['PY0019', { kind: 'refused', code: 'PY0019' }],
    ['PY0037', { kind: 'refused', code: 'PY0037' }],
    ['PY0044', { kind: 'refused', code: 'PY0044' }],
    ['PY0064', { kind: 'refused', code: 'PY0064' }],
    ['PY0009', { kind: 'not_found' }],
  ];

  test.each(codes)('C25, C26: %s', async (code, outcome) => {
    for (const status of [400, 401, 403, 404, 409, 422])
      expect(await read(withCode(status, code)), String(status)).toEqual(outcome);
    for (const status of [200, 302, 500, 502, 503])
      expect((await read(withCode(status, code))).kind, String(status)).toBe('unclear');
  });

  test('a code may be a number', async () => {
    expect(await read(answer(400, { code: 2553 }))).toEqual({ kind: 'refused', code: '2553' });
  });
});

describe('C18: what leaves an execute unanswered', () => {
  test.each(['PY0001', 'PY0015', 'PY0016', 'PY9999'])('%s, a fault, under any status', async (code) => {
    for (const status of STATUSES.filter((status) => status !== 429))
      expect(await kindOf(status, code), String(status)).toBe('unclear');
  });

  test.each(['PY0116', 'PY0042', 'SOMETHING', '9999'])('%s, which nobody knows', async (code) => {
    for (const status of [400, 404, 408, 409, 422, 500, 503])
      expect(await kindOf(status, code), String(status)).toBe('unclear');
  });

  test.each([301, 302, 307, 400, 404, 408, 409, 410, 418, 421, 422, 500, 502, 503, 504])(
    'a bare %s',
    async (status) => expect(await kindOf(status)).toBe('unclear'),
  );

  test('HTML of a gateway', async () => {
    const page = new Response('<html><h1>502 Bad Gateway</h1></html>', { status: 502 });
    expect(await read(page)).toEqual({ kind: 'unclear', reason: 'status_502', status: 502, code: null });
  });

  test('codes decide, never messages', async () => {
    for (const message of ['PY0010', 'PY0105', 'invalid_token', 'The payment has already been processed'])
      expect((await read(answer(400, { message, error_description: message }))).kind).toBe('unclear');
  });

  test('status and code are told, for staff', async () => {
    expect(await read(withCode(500, 'PY0001'))).toEqual({
      kind: 'unclear',
      reason: 'status_500',
      status: 500,
      code: 'PY0001',
    });
  });
});

describe('B6: a token that was not taken', () => {
  test.each([
    [401, undefined],
    [403, undefined],
    [401, 'invalid_client'],
    [401, 'SOMETHING'],
    [401, 'PY01055'],
    [401, 'XPY0105'],
    [401, 'K001'],
    [401, 'K003'],
    [403, 'K004'],
    [400, 'invalid_token'],
    [400, 'expired_token'],
    [400, 'invalid_access_token'],
    [400, 'ACCESS_TOKEN_EXPIRED'],
    [404, 'token_expired'],
  ])('%s %s', async (status, code) => {
    const response = code === undefined ? answer(status) : withCode(status, code);
    expect(await read(response)).toEqual({ kind: 'unauthorized', status, code: code ?? null });
  });

  test('a 5xx that speaks of a token is a 5xx', async () =>
    expect(await kindOf(500, 'invalid_token')).toBe('unclear'));

  test('a fault or an unknown payment code under 401 is no such thing: the code decides', async () => {
    for (const code of ['PY0001', 'PY0015', 'PY0116']) expect(await kindOf(401, code)).toBe('unclear');
  });

  test('it never tells the token that the error repeats', async () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln';
    const body = { error: 'invalid_token', error_description: `Invalid token: ${token}`, code: token };
    const outcome = await read(answer(401, body));
    expect(outcome).toEqual({ kind: 'unauthorized', status: 401, code: 'invalid_token' });
  });
});

describe('C39: 429', () => {
  test.each([
    [undefined, 1_000],
    ['7', 7_000],
    ['Sat, 21 Nov 2026 02:00:30 GMT', 30_000],
    ['soon', 1_000],
  ])('Retry-After: %s', async (header, retryAfterMs) => {
    const headers: Record<string, string> = header === undefined ? {} : { 'retry-after': header };
    expect(await read(answer(429, undefined, headers))).toEqual({ kind: 'rate_limited', retryAfterMs });
  });

  test.each(['invalid_token', 'PY0001', 'SOMETHING'])('with %s is still 429', async (code) =>
    expect(await kindOf(429, code)).toBe('rate_limited'),
  );

  test('with a code that says more, the code decides', async () =>
    expect(await kindOf(429, 'PY0105')).toBe('decline_code'));
});

test('B6: a refusal whose body breaks off is a refusal all the same', async () => {
  const broken = (status: number) =>
    new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) }), {
      status,
    });
  expect((await read(broken(401))).kind).toBe('unauthorized');
  expect((await read(broken(429))).kind).toBe('rate_limited');
  expect((await read(broken(400))).kind).toBe('unclear');
  expect((await read(broken(500))).kind).toBe('unclear');
});
