import { describe, expect, test } from 'vitest';
import { TestClock } from '#e2e/rig/test-clock.ts';
import { makeTestLog } from '#e2e/rig/test-log.ts';
import { type Call, exchange } from './exchange.ts';
import { type Fetch, NotConnectedError } from './http.ts';

const CALL: Call = {
  name: 'execute',
  url: 'http://maya.test/x',
  method: 'POST',
  headers: { Authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.x' },
  body: '{"secret":1}',
  limitMs: 1_000,
  reference: 'reference-1',
};

type Outcome =
  | { kind: 'answered'; code?: string | null; upstreamReference?: string }
  | { kind: 'unclear'; reason: string; code?: string | null };

/** One exchange over `fetch`, whose answer `read` turns into `outcome`. */
function begin(
  fetch: Fetch,
  read: (response: Response) => Promise<Outcome> | Outcome = () => ({ kind: 'answered' }),
) {
  const clock = new TestClock();
  const { log, lines, text } = makeTestLog();
  const result = exchange({ fetch, clock, log }, 'maya.call', CALL, async (response) => read(response));
  return { clock, lines, logText: text, result };
}

const failed = (cause: unknown) => new TypeError('fetch failed', { cause });
const withCode = (code: string) => Object.assign(new Error('secret'), { code });

describe('C16, C17: a request without an answer', () => {
  test.each<[string, unknown, string, string]>([
    [
      'no connection',
      failed(new NotConnectedError(withCode('ECONNREFUSED'))),
      'not_connected',
      'not_connected',
    ],
    [
      'no connection, unwrapped',
      new NotConnectedError(withCode('ENOTFOUND')),
      'not_connected',
      'not_connected',
    ],
    [
      'no connection, told by another copy of the module',
      failed(withCode('http.not_connected')),
      'not_connected',
      'not_connected',
    ],
    ['a reset', failed(withCode('ECONNRESET')), 'lost', 'connection'],
    ['refused, but not by the connector', failed(withCode('ECONNREFUSED')), 'lost', 'connection'],
    ['a socket that closed', failed(withCode('UND_ERR_SOCKET')), 'lost', 'connection'],
    ['what nobody has seen before', 'what', 'lost', 'connection'],
  ])('%s', async (_, error, kind, reason) => {
    const { result, lines, logText } = begin(() => Promise.reject(error));
    expect(await result).toEqual({ kind, reason });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ outcome: kind, reason, level: kind === 'lost' ? 'warn' : 'info' });
    expect(logText()).not.toContain('secret');
  });

  test('a reader that throws, against its promise, leaves the request unanswered', async () => {
    const { result } = begin(
      async () => new Response('{}'),
      () => {
        throw new Error('x');
      },
    );
    expect(await result).toEqual({ kind: 'lost', reason: 'connection' });
  });
});

describe('C17: one time limit for all of it', () => {
  /** Rejects when the caller gives up, as `fetch` does. */
  const hang: Fetch = (_, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

  test('no answer within it', async () => {
    const { result, clock, lines } = begin(hang);
    clock.advance(999);
    expect(clock.sleeping).toBe(1);
    clock.advance(1);
    expect(await result).toEqual({ kind: 'lost', reason: 'timeout' });
    expect(lines).toEqual([
      expect.objectContaining({ outcome: 'lost', reason: 'timeout', durationMs: 1_000, error: 'AbortError' }),
    ]);
  });

  test('a body that comes too slowly', async () => {
    const arrived = Promise.withResolvers<void>();
    const { result, clock, lines } = begin(
      async (_, { signal }) => {
        const body = new ReadableStream({
          start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason)),
        });
        return new Response(body);
      },
      async (response) => {
        arrived.resolve();
        const ended = await response.text().then(
          () => 'whole',
          () => 'cut',
        );
        return { kind: 'unclear', reason: ended };
      },
    );
    await arrived.promise;
    clock.advance(1_000);
    expect(await result).toEqual({ kind: 'unclear', reason: 'timeout' });
    expect(lines).toEqual([expect.objectContaining({ outcome: 'unclear', reason: 'timeout', status: 200 })]);
  });

  test('an answer within it stops the watch', async () => {
    const { result, clock } = begin(async () => new Response('{}'));
    expect(await result).toEqual({ kind: 'answered' });
    expect(clock.sleeping).toBe(0);
  });

  test('an answer that only looks slow is not called one', async () => {
    const { result } = begin(
      async () => new Response('', { status: 503 }),
      () => ({ kind: 'unclear', reason: 'status_503' }),
    );
    expect(await result).toEqual({ kind: 'unclear', reason: 'status_503' });
  });
});

describe('F4: the line of log', () => {
  test('tells call, reference, status, outcome, code and the provider’s own reference, and nothing that was sent', async () => {
    const { result, lines, logText } = begin(
      async () => new Response('', { status: 400 }),
      () => ({ kind: 'answered', code: 'PY0044', upstreamReference: 'log-1' }),
    );
    await result;
    expect(lines).toEqual([
      {
        time: '1970-01-01T00:00:00.000Z',
        level: 'info',
        event: 'maya.call',
        call: 'execute',
        reference: 'reference-1',
        status: 400,
        outcome: 'answered',
        code: 'PY0044',
        upstreamReference: 'log-1',
        durationMs: 0,
      },
    ]);
    expect(logText()).not.toMatch(/eyJ|Bearer|secret|maya\.test/);
  });

  test('an outcome without a code has none', async () => {
    const { result, lines } = begin(
      async () => new Response(''),
      () => ({ kind: 'answered', code: null }),
    );
    await result;
    expect(lines[0]).not.toHaveProperty('code');
  });
});
