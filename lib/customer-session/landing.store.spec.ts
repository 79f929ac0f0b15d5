import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { sha256Hex } from '../base/ids.ts';
import { RateLimit } from '../base/rate-limit.ts';
import { type LandingRequest, land } from './landing.ts';
import { findSession } from './sessions.ts';
import { handOff, rowOf } from './spec-helpers.ts';
import { sweepSessions } from './sweep-sessions.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('landing calls nobody')));
});
afterAll(() => rig.close());

const ENOUGH = 1_000_000;
const framed = true;

/** What the webview sends when Maya opens the landing page, but for `changes`. */
function open(
  sessionId: string | null,
  changes: Partial<LandingRequest> = {},
  mayBeFramed = false,
  wrongIds = new RateLimit(ENOUGH),
) {
  const address = new URL(
    sessionId === null ? '/launch' : `/launch?sessionId=${sessionId}`,
    'http://localhost:3000',
  );
  const request: LandingRequest = {
    address,
    pathSegments: [],
    secFetchDest: 'document',
    secPurpose: null,
    heldRow: null,
    ...changes,
  };
  return land(rig.deps, request, mayBeFramed, wrongIds);
}

const newId = () => handOff(rig.deps);
const SHOP = { kind: 'redirect', to: '/?launched=1' };
const goneTo = (reason: string) => ({ kind: 'redirect', to: `/open?reason=${reason}`, redeemed: false });

/** Redeems an id; the row it made. */
async function landed(sessionId: string, heldRow: string | null = null): Promise<string> {
  const answer = await open(sessionId, { heldRow });
  if (answer.kind !== 'redirect' || answer.sessionRow === undefined) throw new Error('nothing was redeemed');
  return answer.sessionRow;
}

describe('an id that was just made', () => {
  test('is exchanged for its session and a clean address', async () => {
    const sessionId = await newId();
    const answer = await open(sessionId);
    expect(answer).toEqual({ ...SHOP, sessionRow: expect.any(String), redeemed: true });
    const row = answer.kind === 'redirect' ? (answer.sessionRow ?? '') : '';
    expect(await rowOf(rig.deps, row)).toMatchObject({
      session_id_hash: sha256Hex(sessionId),
      redeemed_at: rig.test.clock.now(),
      replaced_session_id: null,
    });
    expect(await findSession(rig.deps.store.db, row)).toMatchObject({ row, live: true });
  });

  test('A10: the clean address holds nothing of it', async () => {
    const sessionId = await newId();
    const answer = await open(sessionId);
    expect(answer.kind === 'redirect' && answer.to).not.toContain(sessionId);
    expect(rig.logText()).not.toContain(sessionId);
  });

  test('is read from the path too', async () => {
    const sessionId = await newId();
    expect(await open(null, { pathSegments: [sessionId] })).toMatchObject({ ...SHOP, redeemed: true });
  });

  test('A20: opens until the last millisecond of its life', async () => {
    const sessionId = await newId();
    await rig.test.advance(120_000 - 1);
    expect(await open(sessionId)).toMatchObject({ redeemed: true });
  });
});

describe('A11: only a navigation of a person redeems', () => {
  const OTHERS = [
    ...['', 'audio', 'audioworklet', 'embed', 'empty', 'fencedframe', 'font', 'frame', 'image', 'json'],
    ...['manifest', 'object', 'paintworklet', 'report', 'script', 'serviceworker', 'sharedworker', 'style'],
    ...['track', 'video', 'webidentity', 'worker', 'xslt', 'Document', 'document, iframe'],
  ];

  test.each([...OTHERS, 'iframe'])('Sec-Fetch-Dest "%s" does not', async (secFetchDest) => {
    const sessionId = await newId();
    expect(await open(sessionId, { secFetchDest })).toEqual({ kind: 'refused', status: 403 });
    expect(await open(sessionId)).toMatchObject({ redeemed: true });
  });

  test.each(OTHERS)('Sec-Fetch-Dest "%s" does not where the phone may frame us', async (secFetchDest) => {
    const sessionId = await newId();
    expect(await open(sessionId, { secFetchDest }, framed)).toEqual({ kind: 'refused', status: 403 });
  });

  test.each(['prefetch', 'prefetch;prerender', 'prefetch;anonymous-client-ip', 'prerender', 'Prefetch'])(
    'Sec-Purpose "%s" does not',
    async (secPurpose) => {
      const sessionId = await newId();
      expect(await open(sessionId, { secPurpose })).toEqual({ kind: 'refused', status: 403 });
      expect(await open(sessionId, { secPurpose, secFetchDest: null })).toEqual({
        kind: 'refused',
        status: 403,
      });
      expect(await open(sessionId)).toMatchObject({ redeemed: true });
    },
  );

  test.each<[string | null, boolean]>([
    ['document', false],
    ['document', framed],
    [null, false],
    [null, framed],
    ['iframe', framed],
  ])('Sec-Fetch-Dest %s does (framing allowed: %s)', async (secFetchDest, mayBeFramed) => {
    expect(await open(await newId(), { secFetchDest }, mayBeFramed)).toMatchObject({ redeemed: true });
  });
});

describe('an id that redeems nothing', () => {
  test('A13: none at all is no error', async () => {
    expect(await open(null)).toEqual(goneTo('no-session'));
  });

  test.each(['garbage', '0b9f3f8e-6f0e-4b0c-9a52-6f2a6f1f7a11', "' or 1=1 --"])(
    'a malformed one (%s) never reaches the store',
    async (sessionId) => {
      expect(await open(encodeURIComponent(sessionId))).toEqual(goneTo('no-session'));
    },
  );

  test('A6: no guess is known', async () => {
    await newId();
    const guess = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(guess, async (sessionId) => {
        expect(await open(sessionId)).toEqual(goneTo('unknown'));
      }),
      { numRuns: 30 },
    );
  });

  test('A6: the stored hash itself opens nothing', async () => {
    expect(await open(sha256Hex(await newId()))).toEqual(goneTo('unknown'));
  });

  test('A7: a used one says so, without a cookie and with the cookie of another session', async () => {
    const sessionId = await newId();
    await landed(sessionId);
    expect(await open(sessionId)).toEqual(goneTo('used'));
    const stranger = await landed(await newId());
    expect(await open(sessionId, { heldRow: stranger })).toEqual(goneTo('used'));
    expect(await findSession(rig.deps.store.db, stranger)).toMatchObject({ live: true });
  });

  test('A7: a reload with the cookie that this very id made goes to the clean address', async () => {
    const sessionId = await newId();
    const row = await landed(sessionId);
    const before = await rowOf(rig.deps, row);
    await rig.test.advance(60_000);
    expect(await open(sessionId, { heldRow: row })).toEqual({ ...SHOP, redeemed: false });
    expect(await rowOf(rig.deps, row)).toEqual(before);
  });

  test('A9: an id whose cookie never arrived is spent', async () => {
    const sessionId = await newId();
    await landed(sessionId);
    expect(await open(sessionId)).toEqual(goneTo('used'));
    await rig.test.advance(1_000);
    expect(await open(sessionId)).toEqual(goneTo('used'));
  });

  test('A20: one that lapsed says so, also after its tokens were wiped, and is unknown much later', async () => {
    const sessionId = await newId();
    await rig.test.advance(120_000);
    expect(await open(sessionId)).toEqual(goneTo('expired'));
    await sweepSessions(rig.deps);
    expect(await open(sessionId)).toEqual(goneTo('expired'));
    await rig.test.advance(10 * 60_000);
    await sweepSessions(rig.deps);
    expect(await open(sessionId)).toEqual(goneTo('unknown'));
  });
});

describe('A6: wrong ids cost a token of one bucket', () => {
  const WRONG = 'a'.repeat(64);

  test('an empty bucket answers 429 until it fills again', async () => {
    const wrongIds = new RateLimit(2);
    expect(await open(WRONG, {}, false, wrongIds)).toEqual(goneTo('unknown'));
    expect(await open(WRONG, {}, false, wrongIds)).toEqual(goneTo('unknown'));
    expect(await open(WRONG, {}, false, wrongIds)).toEqual({ kind: 'refused', status: 429 });
    await rig.test.advance(1_000);
    expect(await open(WRONG, {}, false, wrongIds)).toEqual(goneTo('unknown'));
  });

  test('right ids, reloads, and addresses without an id cost nothing', async () => {
    const wrongIds = new RateLimit(1);
    const sessionId = await newId();
    const heldRow = await landed(await newId());
    expect(await open(sessionId, { heldRow }, false, wrongIds)).toMatchObject({ redeemed: true });
    expect(await open(await newId(), {}, false, wrongIds)).toMatchObject({ redeemed: true });
    expect(await open(null, {}, false, wrongIds)).toEqual(goneTo('no-session'));
    expect(await open('malformed', {}, false, wrongIds)).toEqual(goneTo('no-session'));
    expect(await open(WRONG, {}, false, wrongIds)).toEqual(goneTo('unknown'));
  });
});
