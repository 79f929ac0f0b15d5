import { describe, expect, test } from 'vitest';
import { TestClock } from '#e2e/rig/test-clock.ts';
import { makeTestLog } from '#e2e/rig/test-log.ts';
import { NotConnectedError } from '../base/http.ts';
import { systemIds } from '../base/ids.ts';
import type { MayaApi } from './api.ts';
import {
  ClientRefusedError,
  type ClientTokenOutcome,
  ClientTokens,
  ClientTokenUnavailableError,
  readClientTokenAnswer,
} from './client-token.ts';

const json = (status: number, body: unknown) => Response.json(body, { status });
const token = (accessToken: string, expiresIn: unknown = 3_600) =>
  json(200, { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn });

describe('what the token address answered', () => {
  const taken = (lifetimeSeconds: number): ClientTokenOutcome => ({
    kind: 'token',
    accessToken: 'a.b.c',
    lifetimeSeconds,
  });
  const unclear = (status: number, code?: string | null): ClientTokenOutcome => ({
    kind: 'unclear',
    reason: code === undefined ? 'unreadable' : `status_${status}`,
    status,
    ...(code === undefined ? {} : { code }),
  });
  const refused = (status: number, code: string | null): ClientTokenOutcome => ({
    kind: 'refused',
    status,
    code,
  });

  test.each<[string, Response, ClientTokenOutcome]>([
    ['a token for an hour', token('a.b.c'), taken(3_600)],
    ['for five minutes', token('a.b.c', 300), taken(300)],
    ['for a time in text', token('a.b.c', '300'), taken(300)],
    ['for longer than documented', token('a.b.c', 86_400), taken(3_600)],
    ['without a time', json(200, { access_token: 'a.b.c' }), taken(3_600)],
    ['for no time', token('a.b.c', 0), taken(3_600)],
    ['for a negative time', token('a.b.c', -5), taken(3_600)],
    ['for a time nobody can read', token('a.b.c', 'long'), taken(3_600)],
    ['no token', json(200, { token_type: 'Bearer' }), unclear(200)],
    ['an empty token', token(''), unclear(200)],
    ['a token with a line end', token('a\r\nX-Other: 1'), unclear(200)],
    ['a list', json(200, [{ access_token: 'a.b.c' }]), unclear(200)],
    ['HTML', new Response('<html></html>', { status: 200 }), unclear(200)],
    ['nothing', new Response(null, { status: 204 }), unclear(204)],
    ['bad credentials', json(401, { error: 'invalid_client' }), refused(401, 'invalid_client')],
    ['a grant we may not use', json(401, { error: 'invalid_client' }), refused(401, 'invalid_client')],
    [
      'a grant nobody knows',
      json(400, { error: 'unsupported_grant_type' }),
      refused(400, 'unsupported_grant_type'),
    ],
    ['no grant', json(400, { error: 'invalid_request' }), refused(400, 'invalid_request')],
    ['a bare 403', new Response('', { status: 403 }), refused(403, null)],
    ['a bare 404', new Response('', { status: 404 }), unclear(404, null)],
    ['429', new Response('', { status: 429 }), unclear(429, null)],
    ['a token under a 3xx', json(300, { access_token: 'a.b.c' }), unclear(300, null)],
    ['a 503', json(503, { code: 'PY0001' }), unclear(503, 'PY0001')],
  ])('%s', async (_, response, outcome) => expect(await readClientTokenAnswer(response)).toEqual(outcome));
});

/** A `ClientTokens` whose requests a test answers one by one. */
function bench() {
  const clock = new TestClock();
  const { log, text } = makeTestLog();
  const asked: PromiseWithResolvers<Response>[] = [];
  const api: MayaApi = {
    settings: {
      apiUrl: 'http://maya.test',
      tokenUrl: 'http://maya.test/token',
      clientId: 'client',
      clientSecret: 'client-secret',
      p2mId: 'P2M',
      xAuthorizationPrefix: '',
      executeBody: '{}',
      tokenRequest: 'form',
      scope: undefined,
      timeoutMs: 1_000,
      executeTimeoutMs: 1_000,
      profileKeys: undefined,
    },
    fetch: () => {
      const answer = Promise.withResolvers<Response>();
      asked.push(answer);
      return answer.promise;
    },
    clock,
    ids: systemIds,
    log,
  };
  const tokens = new ClientTokens(api);
  return {
    tokens,
    clock,
    logText: text,
    asked,
    /** Answers the newest request. */
    answer: (response: Response) => asked.at(-1)?.resolve(response),
    fail: (error: unknown) => asked.at(-1)?.reject(error),
    /** Gets a token, whose request is answered with `response`. */
    get: (response: Response) => {
      const got = tokens.get();
      asked.at(-1)?.resolve(response);
      return got;
    },
  };
}

describe('B7: the client token of a process', () => {
  test('is kept until 60 s before its end, counted from sending', async () => {
    const { tokens, clock, asked, answer } = bench();
    const first = tokens.get();
    clock.advance(900);
    answer(token('one', 300));
    expect(await first).toBe('one');
    clock.advance(240_000 - 900 - 1);
    expect(await tokens.get()).toBe('one');
    expect(asked).toHaveLength(1);
    clock.advance(1);
    const second = tokens.get();
    answer(token('two', 300));
    expect(await second).toBe('two');
    expect(asked).toHaveLength(2);
  });

  test('50 callers at once make one request, and one more after its end', async () => {
    const { tokens, clock, asked, answer } = bench();
    for (const name of ['one', 'two']) {
      const callers = Array.from({ length: 50 }, () => tokens.get());
      answer(token(name, 300));
      expect(new Set(await Promise.all(callers))).toEqual(new Set([name]));
      clock.advance(300_000);
    }
    expect(asked).toHaveLength(2);
  });

  test('is renewed when it was refused, once for all who were refused', async () => {
    const { tokens, asked, answer, get } = bench();
    expect(await get(token('one'))).toBe('one');
    const renewals = Array.from({ length: 50 }, () => tokens.renew('one'));
    answer(token('two'));
    expect(new Set(await Promise.all(renewals))).toEqual(new Set(['two']));
    expect(asked).toHaveLength(2);
  });

  test('is not renewed by somebody whose refused token was another', async () => {
    const { tokens, asked, answer, get } = bench();
    await get(token('one'));
    const renewed = tokens.renew('one');
    answer(token('two'));
    await renewed;
    expect(await tokens.renew('one')).toBe('two');
    expect(await tokens.get()).toBe('two');
    expect(asked).toHaveLength(2);
  });

  test('one so short that it is never fresh is asked for at each use, not in a loop', async () => {
    const { asked, get } = bench();
    expect(await get(token('one', 30))).toBe('one');
    expect(asked).toHaveLength(1);
    expect(await get(token('two', 30))).toBe('two');
    expect(asked).toHaveLength(2);
  });
});

describe('B8: no client token', () => {
  test('refused: a fault of configuration, for every caller, and asked again at the next use', async () => {
    const { tokens, asked, answer, get, logText } = bench();
    const callers = [tokens.get(), tokens.get()];
    answer(json(401, { error: 'invalid_client', error_description: 'client-secret is wrong' }));
    for (const caller of callers) {
      const error = await caller.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ClientRefusedError);
      expect(error).toMatchObject({ code: 'maya.client_refused', retryable: false });
      expect(String(error)).not.toContain('client-secret');
    }
    expect(await get(token('mended'))).toBe('mended');
    expect(asked).toHaveLength(2);
    expect(logText()).not.toContain('client-secret');
  });

  test.each<[string, Response | Error]>([
    ['503', new Response('', { status: 503 })],
    ['HTML', new Response('<html></html>', { status: 200 })],
    ['a reset', new TypeError('fetch failed')],
    ['no connection', new NotConnectedError(new Error('refused'))],
  ])('%s: may pass', async (_, answered) => {
    const { tokens, answer, fail, get } = bench();
    const caller = tokens.get();
    if (answered instanceof Response) answer(answered);
    else fail(answered);
    const error = await caller.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ClientTokenUnavailableError);
    expect(error).toMatchObject({ code: 'maya.client_token_unavailable', retryable: true });
    expect(await get(token('later'))).toBe('later');
  });

  test('a renewal that fails does not bring the refused token back', async () => {
    const { tokens, answer, get } = bench();
    await get(token('one'));
    const renewed = tokens.renew('one');
    answer(new Response('', { status: 503 }));
    await expect(renewed).rejects.toBeInstanceOf(ClientTokenUnavailableError);
    expect(await get(token('two'))).toBe('two');
  });
});
