import { describe, expect, test } from 'vitest';
import { type RefreshOutcome, readRefreshAnswer } from './refresh-tokens.ts';

const NOW = Date.parse('2026-11-21T02:00:00Z');
const TOKENS = {
  accessToken: 'eyJhbGciOiJkaXIifQ.NEW..NEW.NEW',
  refreshToken: 'eyJhbGciOiJSUzI1NiJ9.NEW.NEW',
};
const WHOLE = { ...TOKENS, expiresAt: NOW / 1_000 + 600 };

const read = (response: Response) => readRefreshAnswer(response, NOW);
const json = (status: number, body: unknown) => Response.json(body, { status });

type Row = [name: string, response: Response, outcome: RefreshOutcome];
const table = (rows: Row[]) =>
  test.each(rows)('%s', async (_, response, outcome) => expect(await read(response)).toEqual(outcome));

describe('both new tokens, with their expiry', () => {
  const refreshed = (expiresAtMs: number): RefreshOutcome => ({
    kind: 'refreshed',
    tokens: { ...TOKENS, expiresAtMs },
  });
  table([
    ['200', json(200, WHOLE), refreshed(NOW + 600_000)],
    ['201', json(201, { ...WHOLE, more: 1 }), refreshed(NOW + 600_000)],
    ['B10: milliseconds', json(200, { ...TOKENS, expiresAt: NOW + 600_000 }), refreshed(NOW + 600_000)],
    [
      'B10: expiryAt, as text',
      json(200, { ...TOKENS, expiryAt: `${NOW / 1_000 + 60}` }),
      refreshed(NOW + 60_000),
    ],
    ['B10: in the past', json(200, { ...TOKENS, expiresAt: 1_000 }), refreshed(1_000_000)],
    ['B10: none', json(200, TOKENS), refreshed(NOW + 300_000)],
    ['B10: unreadable', json(200, { ...TOKENS, expiresAt: 'soon' }), refreshed(NOW + 300_000)],
  ]);
});

describe('B2: no usable answer; the old refresh token may be spent', () => {
  const unclear = (status: number, reason = 'unreadable') => ({ kind: 'unclear' as const, reason, status });
  table([
    ['no accessToken', json(200, { ...WHOLE, accessToken: undefined }), unclear(200)],
    ['no refreshToken', json(200, { ...WHOLE, refreshToken: undefined }), unclear(200)],
    ['an empty token', json(200, { ...WHOLE, accessToken: '' }), unclear(200)],
    ['a token that is no text', json(200, { ...WHOLE, refreshToken: 7 }), unclear(200)],
    ['a token with a line end', json(200, { ...WHOLE, accessToken: 'a\r\nX: 1' }), unclear(200)],
    ['a list', json(200, [WHOLE]), unclear(200)],
    ['nothing', new Response(null, { status: 204 }), unclear(204)],
    ['HTML', new Response('<html></html>', { status: 200 }), unclear(200)],
    ['half', new Response(JSON.stringify(WHOLE).slice(0, 50), { status: 200 }), unclear(200)],
    ['tokens under a 3xx', json(300, WHOLE), { ...unclear(300, 'status_300'), code: null }],
    ...[302, 408, 429, 500, 502, 503].map(
      (status): Row => [
        `a ${status}`,
        json(status, { code: 'X' }),
        { ...unclear(status, `status_${status}`), code: 'X' },
      ],
    ),
  ]);
});

describe('401 and 403 may be about the client token', () => {
  table([
    ['401', new Response('', { status: 401 }), { kind: 'unauthorized', status: 401, code: null }],
    ['403', json(403, { code: 'K003' }), { kind: 'unauthorized', status: 403, code: 'K003' }],
  ]);
});

describe('any other 4xx says that the session is over', () => {
  table(
    [400, 404, 409, 410, 422].map((status) => [
      `${status}`,
      json(status, { error: 'invalid_grant' }),
      { kind: 'refused', status, code: 'invalid_grant' },
    ]),
  );

  test.each(['PY0001', 'PY0015', 'PY0016', 'PY9999'])('but a fault of Maya’s (%s) may pass', async (code) => {
    expect(await read(json(400, { code }))).toMatchObject({ kind: 'unclear', code });
  });

  test('F4: the token that such an error repeats goes nowhere', async () => {
    const message = `Invalid refresh token: ${TOKENS.refreshToken}`;
    const outcome = await read(json(400, { error: message, error_description: message }));
    expect(outcome).toEqual({ kind: 'refused', status: 400, code: null });
  });
});
