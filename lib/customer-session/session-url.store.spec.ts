import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { sha256Hex } from '../base/ids.ts';
import { type HandOffAnswer, type HandOffRequest, SessionUrl } from './session-url.ts';
import { HAND_OFF_TOKENS, handOffRequest, tokensOf } from './spec-helpers.ts';

const KB = 1_024;
const { accessToken, refreshToken } = HAND_OFF_TOKENS;
const LATER = 4_000_000_000;

let rig: Rig;
let sessionUrl: SessionUrl;

beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('the Session URL calls nobody')));
  sessionUrl = new SessionUrl({
    secret: undefined,
    allowedIps: undefined,
    trustedProxyHops: 0,
    ratePerSecond: 1_000_000,
    maxUnredeemed: 1_000_000,
  });
});
afterAll(() => rig.close());

const receive = (request: HandOffRequest) => sessionUrl.receive(rig.deps, request);
const post = (body: unknown) => receive(handOffRequest({ text: JSON.stringify(body) }));

async function stored(): Promise<number> {
  const { count } = await rig.deps.store.db
    .selectFrom('sessions')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Asserts a refusal that keeps nothing and repeats nothing of what it was given. */
async function refused(request: HandOffRequest, answer: HandOffAnswer): Promise<void> {
  const before = await stored();
  expect(await receive(request)).toEqual(answer);
  expect(await stored()).toBe(before);
}

/** The row behind an accepted hand-off. */
async function rowBehind(answer: HandOffAnswer) {
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
  return rig.deps.store.db
    .selectFrom('sessions')
    .selectAll()
    .where('session_id_hash', '=', sha256Hex(answer.sessionId))
    .executeTakeFirstOrThrow();
}

describe('A1: the size of the body', () => {
  const padded = (bytes: number) => {
    const whole = JSON.stringify({ accessToken, refreshToken, expiresAt: LATER, padding: '' });
    return whole.replace('"padding":""', `"padding":"${'x'.repeat(bytes - whole.length)}"`);
  };

  test('16 KB is taken', async () => {
    expect(await receive(handOffRequest({ text: padded(16 * KB) }))).toMatchObject({ status: 200 });
  });

  test('one byte more is 413', async () => {
    await refused(handOffRequest({ text: padded(16 * KB + 1) }), { status: 413, code: 'too_large' });
  });

  test('a stream that never ends is cut soon after 16 KB', async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(new Uint8Array(KB).fill(0x20));
        },
        cancel() {
          cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    await refused(handOffRequest({ body: endless }), { status: 413, code: 'too_large' });
    expect({ pulled, cancelled }).toEqual({ pulled: 17, cancelled: true });
  });

  test('a length that is announced as too large is not even read', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull() {
          pulled += 1;
        },
      },
      { highWaterMark: 0 },
    );
    await refused(handOffRequest({ body, contentLength: '10485760' }), { status: 413, code: 'too_large' });
    expect(pulled).toBe(0);
  });

  test('a length that is announced too small does not help', async () => {
    const request = handOffRequest({ text: padded(16 * KB + 1), contentLength: '12' });
    await refused(request, { status: 413, code: 'too_large' });
  });
});

describe('A1: the media type', () => {
  test.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON ;charset=utf-8'])(
    '%s is taken',
    async (contentType) => {
      expect(await receive(handOffRequest({ contentType }))).toMatchObject({ status: 200 });
    },
  );

  test.each([
    null,
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/problem+json',
    'text/plain; a=application/json',
  ])('%s is 415', async (contentType) => {
    await refused(handOffRequest({ contentType }), { status: 415, code: 'unsupported_media_type' });
  });
});

describe('A1: what is in the body', () => {
  test.each([
    ['nothing', ''],
    ['half of it', '{"accessToken": "canary'],
    ['a form', 'accessToken=canary&refreshToken=canary'],
    ['two documents', '{}{}'],
  ])('not JSON (%s): 400', async (_name, text) => {
    await refused(handOffRequest({ text }), { status: 400, code: 'invalid_json' });
  });

  test('no body at all: 400', async () => {
    await refused(handOffRequest({ body: null }), { status: 400, code: 'invalid_json' });
  });

  test('a caller that goes away in the middle: 400', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"accessToken":'));
        controller.error(new Error('aborted'));
      },
    });
    await refused(handOffRequest({ body: broken }), { status: 400, code: 'invalid_json' });
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['a list', [accessToken, refreshToken]],
    ['text', accessToken],
    ['nothing in it', {}],
    ['no accessToken', { refreshToken, expiresAt: LATER }],
    ['no refreshToken', { accessToken, expiresAt: LATER }],
    ['another spelling', { access_token: accessToken, refresh_token: refreshToken }],
    ['a number', { accessToken: 7, refreshToken }],
    ['a list for a token', { accessToken: [accessToken], refreshToken }],
    ['an object for a token', { accessToken, refreshToken: { toString: refreshToken } }],
    ['null for a token', { accessToken, refreshToken: null }],
    ['an empty token', { accessToken: '', refreshToken }],
    ['a line end behind a token', { accessToken: `${accessToken}\n`, refreshToken }],
    ['8 KB and one', { accessToken: 'a'.repeat(8 * KB + 1), refreshToken }],
    ['8 KB and one to refresh with', { accessToken, refreshToken: 'a'.repeat(8 * KB + 1) }],
  ])('no two tokens (%s): 400', async (_name, body) => {
    const text = JSON.stringify(body);
    await refused(handOffRequest({ text }), { status: 400, code: 'invalid_tokens' });
  });

  test.each([
    ['access', { accessToken: 'a'.repeat(8 * KB), refreshToken }],
    ['refresh', { accessToken, refreshToken: 'a'.repeat(8 * KB) }],
  ])('an %s token of 8 KB is taken', async (_name, tokens) => {
    const row = await rowBehind(await post({ ...tokens, expiresAt: LATER }));
    expect(await tokensOf(rig.deps, row.id)).toMatchObject(tokens);
  });

  const JOSE = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'];

  test('any text in the JOSE alphabet is a token', async () => {
    const token = fc.string({ unit: fc.constantFrom(...JOSE), minLength: 1, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(token, token, async (access, refresh) => {
        const row = await rowBehind(
          await post({ accessToken: access, refreshToken: refresh, expiresAt: LATER }),
        );
        expect(await tokensOf(rig.deps, row.id)).toMatchObject({
          accessToken: access,
          refreshToken: refresh,
        });
      }),
      { numRuns: 30 },
    );
  });

  test('one character outside the JOSE alphabet, anywhere in either token, is 400', async () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const foreign = unit.filter((character) => !JOSE.includes(character));
    const around = fc.tuple(fc.stringMatching(/^[\w.-]{0,9}$/), foreign, fc.stringMatching(/^[\w.-]{0,9}$/));
    const spoilt = around.map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(spoilt, fc.boolean(), async (token, isAccess) => {
        const body = isAccess ? { accessToken: token, refreshToken } : { accessToken, refreshToken: token };
        expect(await post(body)).toEqual({ status: 400, code: 'invalid_tokens' });
      }),
    );
  });
});
