import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { sha256Hex } from '../base/ids.ts';
import { redeem } from './redeem.ts';
import {
  type HandOffAnswer,
  type HandOffRequest,
  SessionUrl,
  type SessionUrlSettings,
} from './session-url.ts';
import { handOffRequest } from './spec-helpers.ts';
import { sweepSessions } from './sweep-sessions.ts';

const SECRET = '6f1b3c5d7e9f0a2b4c6d8e0f1a3b5c7d';

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('the Session URL calls nobody')));
});
afterAll(() => rig.close());

/** A Session URL with these settings; everything else is wide open. */
function sessionUrl(settings: Partial<SessionUrlSettings>) {
  const made = new SessionUrl({
    secret: undefined,
    allowedIps: undefined,
    trustedProxyHops: 0,
    ratePerSecond: 1_000_000,
    maxUnredeemed: 1_000_000,
    ...settings,
  });
  return (request: Partial<HandOffRequest> = {}) => made.receive(rig.deps, handOffRequest(request));
}

const status = async (answer: Promise<HandOffAnswer>) => (await answer).status;

describe('the secret segment', () => {
  test.each([
    ['right', SECRET, SECRET, 200],
    ['wrong', SECRET, SECRET.replace('6', '7'), 404],
    ['too short', SECRET, SECRET.slice(1), 404],
    ['in capitals', SECRET, SECRET.toUpperCase(), 404],
    ['empty', SECRET, '', 404],
    ['missing, so that the bare address is not there', SECRET, undefined, 404],
    ['none is set, and none given', undefined, undefined, 200],
    ['none is set, so that an address with one is not there', undefined, SECRET, 404],
  ])('%s', async (_name, set, given, expected) => {
    expect(await status(sessionUrl({ secret: set })({ secret: given }))).toBe(expected);
  });
});

describe('who may call', () => {
  const MAYA = ['203.0.113.7', '198.51.100.0/24', '2001:db8::/32'];

  test.each<[string, number, string | null, number]>([
    ['an allowed address', 1, '203.0.113.7', 200],
    ['one of an allowed range', 1, '198.51.100.77', 200],
    ['an allowed IPv6 address', 1, '2001:db8::1', 200],
    ['an allowed address, mapped', 1, '::ffff:203.0.113.7', 200],
    ['another address', 1, '192.0.2.1', 403],
    ['no address', 1, null, 403],
    ['no address that can be read', 1, 'unknown', 403],
    ['behind two proxies', 2, '203.0.113.7, 10.0.0.2', 200],
    ['another one behind two proxies', 2, '192.0.2.1, 10.0.0.2', 403],
    ['a caller that writes an allowed address before its own', 1, '203.0.113.7, 192.0.2.1', 403],
    ['the same behind two proxies', 2, '203.0.113.7, 192.0.2.1, 10.0.0.2', 403],
    ['a request that came past the outer proxy', 2, '203.0.113.7', 403],
  ])('%s', async (_name, trustedProxyHops, forwardedFor, expected) => {
    const call = sessionUrl({ allowedIps: MAYA, trustedProxyHops });
    expect(await status(call({ forwardedFor }))).toBe(expected);
  });

  test('a refusal says nothing but its code', async () => {
    const call = sessionUrl({ secret: SECRET, allowedIps: MAYA, trustedProxyHops: 1 });
    expect(await call({ forwardedFor: '203.0.113.7' })).toEqual({ status: 404, code: 'not_found' });
    const stranger = await call({ secret: SECRET, forwardedFor: '192.0.2.1' });
    expect(stranger).toEqual({ status: 403, code: 'forbidden' });
  });
});

describe('A4: the limit on calls', () => {
  test('over the limit it is 429 with Retry-After, and over again after a second', async () => {
    const call = sessionUrl({ ratePerSecond: 3 });
    const burst = await Promise.all(Array.from({ length: 5 }, () => call()));
    expect(burst.map((answer) => answer.status)).toEqual([200, 200, 200, 429, 429]);
    expect(burst[4]).toEqual({ status: 429, code: 'too_many_requests', retryAfterSeconds: 1 });
    await rig.test.advance(1_000);
    expect(await status(call())).toBe(200);
  });

  test('secret and address are checked first: who may not call cannot use the limit up', async () => {
    const allowedIps = ['203.0.113.7'];
    const call = sessionUrl({ secret: SECRET, allowedIps, trustedProxyHops: 1, ratePerSecond: 1 });
    const stranger = { secret: SECRET, forwardedFor: '192.0.2.1' };
    const guesser = { secret: 'guess', forwardedFor: '203.0.113.7' };
    const maya = { secret: SECRET, forwardedFor: '203.0.113.7' };
    const neither = { secret: 'guess', forwardedFor: '192.0.2.1' };
    for (let times = 0; times < 5; times += 1) {
      expect(await status(call(stranger))).toBe(403);
      expect(await status(call(guesser))).toBe(404);
      expect(await status(call(neither))).toBe(404);
    }
    expect(await status(call(maya))).toBe(200);
    expect(await status(call(maya))).toBe(429);
    expect(await status(call(stranger))).toBe(403);
    expect(await status(call(guesser))).toBe(404);
  });

  test('nothing of the body is read over the limit', async () => {
    const call = sessionUrl({ ratePerSecond: 1 });
    await call();
    let pulled = 0;
    const pull = () => {
      pulled += 1;
    };
    const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
    expect(await status(call({ body }))).toBe(429);
    expect(pulled).toBe(0);
  });
});

describe('A4: the cap on ids that nobody redeemed', () => {
  /** The cap counts every row, so that each test begins with none. */
  beforeEach(() => rig.deps.store.db.deleteFrom('sessions').execute());

  function capped(maxUnredeemed: number) {
    const call = sessionUrl({ maxUnredeemed });
    const accepted = async () => {
      const answer = await call();
      if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
      return answer.sessionId;
    };
    return { call, accepted };
  }

  test('at the cap it is 503 with Retry-After and nothing is stored; a redeemed id makes room', async () => {
    const { call, accepted } = capped(2);
    const sessionId = await accepted();
    await accepted();
    expect(await call()).toEqual({ status: 503, code: 'busy', retryAfterSeconds: 5 });
    const rows = await rig.deps.store.db.selectFrom('sessions').select('session_id_hash').execute();
    expect(rows).toHaveLength(2);
    expect(rows.map((row) => row.session_id_hash)).toContain(sha256Hex(sessionId));

    expect(await redeem(rig.deps, sessionId, null)).toMatchObject({ kind: 'redeemed' });
    await rig.test.advance(1_000);
    await accepted();
    expect(await status(call())).toBe(503);
  });

  test('ids that lapsed make room once they are swept away', async () => {
    const { call, accepted } = capped(1);
    await accepted();
    expect(await status(call())).toBe(503);
    await rig.test.advance(120_000 + 10 * 60_000);
    await sweepSessions(rig.deps);
    await accepted();
  });

  test('rows that were there before this process count from its first call', async () => {
    await capped(2).accepted();
    const restarted = capped(1);
    expect(await status(restarted.call())).toBe(503);
  });
});
