import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import { startApp, startForTest } from '../fixture.ts';

const PATIENT_MS = 5_000;
const SHORT_MS = 60;

type Seen = {
  method?: string | undefined;
  url?: string | undefined;
  headers: Record<string, unknown>;
  body: string;
};

/** An app whose Session URL notes what it gets and answers as told. */
const answering = (seen: Seen[], answer: RequestListener): RequestListener => {
  return async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    answer(request, response);
  };
};

const launchedAt = async (answer: RequestListener, sessionUrlLimitMs = PATIENT_MS) => {
  const seen: Seen[] = [];
  await using app = await startApp(answering(seen, answer));
  await using sim = await startForTest({}, { appUrl: app.url, sessionUrlLimitMs });
  const { json } = await sim.control('POST', 'launch', { customer: 'maria' });
  return { json, seen, kinds: sim.kinds(), log: sim.maya.log().at(-1), appUrl: app.url };
};

const withSession = (sessionId: unknown): RequestListener => {
  return (_, response) => void response.end(JSON.stringify({ sessionId }));
};

describe('the tile', () => {
  test('hands the tokens to the Session URL and leads to the landing page', async () => {
    const { json, seen, kinds, log, appUrl } = await launchedAt(withSession('abc'));
    expect(json).toEqual({
      ok: true,
      landingUrl: `${appUrl}/launch?sessionId=abc`,
      sessionId: 'abc',
      status: 200,
      tookMs: expect.any(Number),
    });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/api/maya/session',
        headers: { 'content-type': 'application/json', 'request-reference-no': expect.any(String) },
      },
    ]);
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ expiresAt: expect.any(Number) });
    expect(kinds).toEqual([]);
    expect(log).toMatchObject({ direction: 'to-app', call: 'session', status: 200, customer: 'maria' });
    expect(log?.response?.body).toBe('{"sessionId":"…(3)"}');
  });

  test.each<[string, RequestListener, object, string[]]>([
    ['a 500', (_, response) => void response.writeHead(500).end(), { reason: 'status', status: 500 }, []],
    [
      'a redirect',
      (_, response) => void response.writeHead(302, { location: '/' }).end(),
      { status: 302 },
      [],
    ],
    [
      'bad JSON',
      (_, response) => void response.end('{'),
      { reason: 'not-json', status: 200 },
      ['session-id'],
    ],
    ['too long an id', withSession('a'.repeat(256)), { reason: 'session-id-too-long' }, ['session-id']],
    ['no id', withSession(undefined), { reason: 'no-session-id' }, ['session-id']],
  ])('meets %s', async (_, answer, expected, violations) => {
    const { json, kinds } = await launchedAt(answer);
    expect(json).toMatchObject({ ok: false, detail: expect.any(String), ...expected });
    expect(kinds).toEqual(violations);
  });

  test('meets silence', async () => {
    const { json, log } = await launchedAt(() => undefined, SHORT_MS);
    expect(json).toMatchObject({ ok: false, reason: 'timeout', status: null });
    expect(log).toMatchObject({ status: 'timeout', delivered: false });
  });

  test('meets an app that does not run', async () => {
    await using sim = await startForTest();
    const { status, json } = await sim.control('POST', 'launch', { customer: 'maria' });
    expect([status, json.ok, json.reason]).toEqual([200, false, 'unreachable']);
    expect(sim.maya.log().at(-1)).toMatchObject({ status: 'unreachable', delivered: false });
  });

  test('uses the secret Session URL, and never logs it', async () => {
    const seen: Seen[] = [];
    await using app = await startApp(answering(seen, withSession('abc')));
    await using sim = await startForTest({}, { appUrl: app.url, sessionUrlSecret: 'a-secret-part' });
    await sim.control('POST', 'launch', { customer: 'maria' });
    expect(seen[0]?.url).toBe('/api/maya/session/a-secret-part');
    expect(JSON.stringify(sim.maya.log())).not.toContain('a-secret-part');
  });

  test('from an address line: straight to the landing page, or a page that says why not', async () => {
    await using app = await startApp(answering([], withSession('abc')));
    await using sim = await startForTest({}, { appUrl: app.url });
    const visit = (customer: string) =>
      fetch(`${sim.url}/_sim/launch?customer=${customer}`, { redirect: 'manual' });
    const there = await visit('maria');
    expect([there.status, there.headers.get('location')]).toEqual([303, `${app.url}/launch?sessionId=abc`]);

    sim.maya.saveCustomer({ id: 'jose', kyc: 'none' });
    const refused = await visit('jose');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8']);
    expect(await refused.text()).toContain('verified first');
  });
});
