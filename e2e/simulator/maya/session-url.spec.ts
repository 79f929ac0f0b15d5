import { describe, expect, test } from 'vitest';
import { createRig, type Rig } from './rig.ts';
import type { LaunchResult, SessionUrlAnswer } from './session-url.ts';

const answer = (body: unknown, status = 200): SessionUrlAnswer => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const launch = (rig: Rig, given: SessionUrlAnswer): LaunchResult => {
  const { call } = rig.maya.launch('maria');
  rig.pass(40);
  return rig.maya.launched(call?.number ?? 0, given);
};

describe('what Maya sends', () => {
  test('the tokens and their end, with the documented headers', () => {
    const rig = createRig();
    const { call } = rig.maya.launch('maria');
    expect(call).toEqual({
      number: 1,
      url: 'http://localhost:3000/api/maya/session',
      headers: {
        'content-type': 'application/json',
        'request-reference-no': expect.stringMatching(/^[0-9a-f-]{14}4[0-9a-f-]{21}$/),
      },
      body: expect.any(String),
    });
    expect(JSON.parse(call?.body ?? '')).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresAt: rig.now() / 1_000 + 600,
    });
  });

  test('the other name and the other unit of the expiry', () => {
    const rig = createRig({ expiresAtField: 'expiryAt', expiresAtUnit: 'milliseconds' });
    const { call } = rig.maya.launch('maria');
    const { expiryAt, expiresAt } = JSON.parse(call?.body ?? '');
    expect([expiryAt, expiresAt]).toEqual([rig.now() + 600_000, undefined]);
  });

  test.each([
    [{ kyc: 'none' }, 'kyc'],
    [{ age: 17 }, 'age'],
    [{ consent: false }, 'consent'],
  ] as const)('nothing for a customer with %j', (edit, reason) => {
    const { maya } = createRig();
    maya.saveCustomer({ id: 'maria', ...edit });
    expect(maya.launch('maria')).toEqual({
      result: { ok: false, status: null, reason, detail: expect.any(String), tookMs: 0 },
    });
    expect(maya.log()).toEqual([]);
  });
});

describe('how Maya reads the answer', () => {
  test('any 2xx with a sessionId opens the landing page', () => {
    const rig = createRig();
    expect(launch(rig, answer({ sessionId: 'abc-123' }, 201))).toEqual({
      ok: true,
      landingUrl: 'http://localhost:3000/launch?sessionId=abc-123',
      sessionId: 'abc-123',
      status: 201,
      tookMs: 40,
    });
    expect(rig.kinds()).toEqual([]);
  });

  test.each<[string, SessionUrlAnswer, string, number | null]>([
    ['a 500', answer({ sessionId: 'a' }, 500), 'status', 500],
    ['a redirect', answer({ sessionId: 'a' }, 302), 'status', 302],
    ['no answer in time', { kind: 'timeout' }, 'timeout', null],
    ['no connection', { kind: 'unreachable', detail: 'x' }, 'unreachable', null],
  ])('%s', (_, given, reason, status) => {
    const rig = createRig();
    expect(launch(rig, given)).toMatchObject({ ok: false, reason, status, tookMs: 40 });
    expect(rig.kinds()).toEqual([]);
  });

  test.each<[string, SessionUrlAnswer, string]>([
    ['HTML', answer('<p>', 200), 'not-json'],
    ['no sessionId', answer({ session: 'a' }), 'no-session-id'],
    ['a number', answer({ sessionId: 5 }), 'no-session-id'],
    ['256 characters', answer({ sessionId: 'a'.repeat(256) }), 'session-id-too-long'],
    ['a space', answer({ sessionId: 'a b' }), 'session-id-not-url-safe'],
  ])('%s is a violation', (_, given, reason) => {
    const rig = createRig();
    expect(launch(rig, given)).toMatchObject({ ok: false, reason, status: 200 });
    expect(rig.kinds()).toEqual(['session-id']);
  });

  test('255 characters are fine; the same sessionId twice is a violation', () => {
    const rig = createRig();
    const long = answer({ sessionId: 'a'.repeat(255) });
    expect(launch(rig, long).ok).toBe(true);
    expect(launch(rig, long).ok).toBe(true);
    expect(rig.kinds()).toEqual(['session-id-reused']);
  });
});
