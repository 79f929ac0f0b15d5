import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { sha256Hex } from '../base/ids.ts';
import { HAND_OFF_TOKENS, handOffRequest, tokensOf } from './spec-helpers.ts';

const { accessToken, refreshToken } = HAND_OFF_TOKENS;
const LATER = 4_000_000_000;

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('the Session URL calls nobody')));
});
afterAll(() => rig.close());

async function post(body: unknown): Promise<string> {
  const answer = await rig.deps.sessionUrl.receive(rig.deps, handOffRequest({ text: JSON.stringify(body) }));
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
  return answer.sessionId;
}

/** The row behind an id that was handed out. */
function rowBehind(sessionId: string) {
  return rig.deps.store.db
    .selectFrom('sessions')
    .selectAll()
    .where('session_id_hash', '=', sha256Hex(sessionId))
    .executeTakeFirstOrThrow();
}

describe('A1: the expiry', () => {
  const inSeconds = (offset: number) => Math.floor(rig.test.clock.now() / 1_000) + offset;
  const FIVE_MINUTES = 5 * 60 * 1_000;

  test.each<[string, () => object, () => number]>([
    ['expiresAt in seconds', () => ({ expiresAt: inSeconds(900) }), () => inSeconds(900) * 1_000],
    ['expiryAt in seconds', () => ({ expiryAt: inSeconds(900) }), () => inSeconds(900) * 1_000],
    ['expiresAt before expiryAt', () => ({ expiresAt: LATER, expiryAt: 1 }), () => LATER * 1_000],
    ['milliseconds', () => ({ expiresAt: inSeconds(900) * 1_000 }), () => inSeconds(900) * 1_000],
    ['10^11 is still seconds', () => ({ expiresAt: 1e11 }), () => 1e14],
    ['above 10^11 it is milliseconds', () => ({ expiresAt: 1e11 + 1 }), () => 1e11 + 1],
    ['numeric text', () => ({ expiresAt: String(inSeconds(900)) }), () => inSeconds(900) * 1_000],
    ['numeric text in milliseconds', () => ({ expiryAt: `${LATER}000` }), () => LATER * 1_000],
    ['a moment in the past', () => ({ expiresAt: inSeconds(-900) }), () => inSeconds(-900) * 1_000],
    ['missing', () => ({}), () => rig.test.clock.now() + FIVE_MINUTES],
    ['null', () => ({ expiresAt: null }), () => rig.test.clock.now() + FIVE_MINUTES],
    ['a date', () => ({ expiresAt: '2026-11-21T02:15:00Z' }), () => rig.test.clock.now() + FIVE_MINUTES],
    ['a list', () => ({ expiresAt: [inSeconds(900)] }), () => rig.test.clock.now() + FIVE_MINUTES],
    ['unreadable beside a readable one', () => ({ expiresAt: 'soon', expiryAt: LATER }), () => LATER * 1_000],
  ])('%s', async (_name, expiry, expected) => {
    const row = await rowBehind(await post({ accessToken, refreshToken, ...expiry() }));
    expect(row.access_expires_at).toBe(expected());
  });
});

describe('an accepted hand-off', () => {
  test('A6: the id is 256 bits in hex, and only its hash is kept', async () => {
    const sessionId = await post({ accessToken, refreshToken, expiresAt: LATER });
    expect(sessionId).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(await rowBehind(sessionId))).not.toContain(sessionId);
  });

  test('neither token can be read in the row or in a log', async () => {
    const row = await rowBehind(await post({ accessToken, refreshToken, expiresAt: LATER }));
    const decoded = (row.sealed_tokens ?? '')
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString());
    for (const text of [JSON.stringify(row), decoded.join(), rig.logText()])
      expect(text).not.toMatch(/canary|eyJhbGciOiJkaXIifQ\.\.|eyJhbGciOiJSUzI1NiJ9/);
    expect(await tokensOf(rig.deps, row.id)).toEqual({ accessToken, refreshToken, generation: 0 });
  });

  test('the row is unredeemed, belongs to nobody, and dies after the lifetime of an id', async () => {
    const row = await rowBehind(await post({ accessToken, refreshToken, expiresAt: LATER }));
    expect(row).toMatchObject({
      received_at: rig.test.clock.now(),
      redeem_until: rig.test.clock.now() + 120_000,
      redeemed_at: null,
      customer_id: null,
      ended_at: null,
    });
  });

  test('A2: the same POST again makes another id and another row', async () => {
    const body = { accessToken, refreshToken, expiresAt: LATER };
    const [first, second] = [await rowBehind(await post(body)), await rowBehind(await post(body))];
    expect(second.id).not.toBe(first.id);
    expect(second.session_id_hash).not.toBe(first.session_id_hash);
  });
});
