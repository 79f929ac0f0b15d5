import { readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '#lib/db/store.ts';
import { makeDatabase } from '../rig/postgres.ts';
import { pourInto } from './cut-off.ts';
import { startBuilt } from './server.ts';
import { freshCustomer, goToCheckout, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('sqlite');
});
afterAll(() => stage.close());

const get = (path: string, init: RequestInit = {}) =>
  fetch(stage.appUrl + path, { redirect: 'manual', ...init });
const sessionUrl = () => `/api/maya/session/${stage.secrets.sessionUrlSecret}`;

describe('health', () => {
  test('the process lives and the store is ready', async () => {
    expect((await get('/api/health')).status).toBe(200);
    const ready = await get('/api/ready');
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, openAlarms: 0 }]);
  });
});

describe('the Session URL', () => {
  const body = { accessToken: 'a.b.c.d.e', refreshToken: 'a.b.c', expiresAt: 4_000_000_000 };
  const post = (path: string, init: RequestInit = {}) =>
    get(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...init,
    });

  test('answers a hand-off with an id', async () => {
    const answer = await post(sessionUrl());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(await answer.json()).toEqual({ sessionId: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test.each<[string, () => Promise<Response>, number]>([
    ['the bare path while a secret is set', () => post('/api/maya/session'), 404],
    ['another secret', () => post(`/api/maya/session/${'0'.repeat(32)}`), 404],
    ['more segments', () => post(`${sessionUrl()}/x`), 404],
    ['GET', () => get(sessionUrl()), 405],
    ['PUT', () => post(sessionUrl(), { method: 'PUT' }), 405],
    ['another media type', () => post(sessionUrl(), { headers: { 'content-type': 'text/plain' } }), 415],
    ['not JSON', () => post(sessionUrl(), { body: '{' }), 400],
    ['no tokens', () => post(sessionUrl(), { body: '{}' }), 400],
    [
      'a big body',
      () => post(sessionUrl(), { body: JSON.stringify({ ...body, x: 'x'.repeat(20_000) }) }),
      413,
    ],
  ])('A1: %s', async (_name, send, status) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain('a.b.c');
  });

  test('A1, N: a body of 10 MB is cut while reading', async () => {
    const { answer, sent } = await pourInto(new URL(sessionUrl(), stage.appUrl), 10_000_000);
    if (answer !== '') expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(sent).toBeLessThan(5_000_000);
  });
});

describe('the landing page', () => {
  test('A11: HEAD and prefetches never redeem', async () => {
    const { sessionId } = (await (
      await get(sessionUrl(), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ accessToken: 'a.b.c.d.e', refreshToken: 'a.b.c' }),
      })
    ).json()) as { sessionId: string };
    const address = `/launch?sessionId=${sessionId}`;
    expect((await get(address, { method: 'HEAD' })).status).toBe(204);
    expect((await get(address, { headers: { 'sec-purpose': 'prefetch' } })).status).toBe(403);
    expect((await get(address, { headers: { 'sec-fetch-dest': 'image' } })).status).toBe(403);
    const landed = await get(address);
    expect(landed.status).toBe(303);
    expect(landed.headers.get('location')).not.toContain('sessionId');
    const cookie = landed.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^customer=[^;]+;.*HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie.length).toBeLessThan(1_024);
    const again = await get(address);
    expect([again.status, again.headers.get('location')]).toEqual([303, '/open?reason=used']);
    const reload = await get(address, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(reload.headers.get('location')).toBe(landed.headers.get('location'));
  });
});

describe('headers', () => {
  test.each(['/', '/cart', '/orders', '/open', '/no-such-page'])('of %s', async (path) => {
    const { headers } = await get(path);
    expect(headers.get('cache-control')).toContain('no-store');
    expect(headers.get('cache-control')).toContain('private');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'nonce-[A-Za-z0-9+/=]{20,}' 'strict-dynamic';/);
    expect(policy).not.toContain('unsafe-');
    expect(policy).toContain(`frame-ancestors ${stage.env.SIMULATOR_URL}`);
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('C5: a checkout and a receipt are kept by nobody', async () => {
    const webview = await stage.launch(freshCustomer());
    const order = await goToCheckout(webview);
    const keptBy = async (path: string) => {
      const answer = await webview.send('GET', new URL(path, stage.appUrl));
      await answer.body.dump();
      return [answer.statusCode, answer.headers['cache-control']];
    };
    const nobody = [200, expect.stringMatching(/^(?=.*private)(?=.*no-store)/)];
    expect(await keptBy(`/checkout/${order}`)).toEqual(nobody);
    expect((await webview.submit(/^Pay /)).heading).toBe('Payment successful');
    expect(await keptBy(`/orders/${order}`)).toEqual(nobody);
    expect(await keptBy(`/api/orders/${order}`)).toEqual(nobody);
    await webview.close();
  });

  test('F1: every address of ours is private, no-store', async () => {
    for (const path of ['/api/health', '/api/ready', '/api/orders/x', '/launch', sessionUrl()])
      expect([path, (await get(path)).headers.get('cache-control') ?? '']).toEqual([
        path,
        expect.stringContaining('no-store'),
      ]);
  });

  test('F5: no image optimizer, no upgrades', async () => {
    expect((await get('/_next/image?url=%2Ficon.svg&w=64&q=75')).status).toBe(404);
    const refused = await new Promise<string>((resolve) => {
      const socket = connect(new URL(stage.appUrl).port as unknown as number, 'localhost');
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
        socket.destroy();
      });
      socket.on('error', () => resolve('closed'));
      socket.on('close', () => resolve(text.split('\r\n')[0] || 'closed'));
      socket.setTimeout(3_000, () => socket.destroy());
      socket.write(
        'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
    });
    expect(refused).not.toContain('101');
  });
});

describe('who may act', () => {
  test('C36: an action body over 16 KB is refused', async () => {
    const webview = await stage.launch(freshCustomer());
    await goToCheckout(webview);
    const [address, form] = webview.prepare(/^Pay /, { padding: 'x'.repeat(20_000) });
    const answer = await webview.send('POST', new URL(address), form.body, form.type);
    await answer.body.dump();
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  });

  test("C42, A22: somebody else's order is nobody's to see", async () => {
    const webview = await stage.launch(freshCustomer());
    const order = await goToCheckout(webview);
    const stranger = await stage.launch(freshCustomer());
    expect((await stranger.open(`/orders/${order}`)).heading).toBe('Page not found');
    expect((await stranger.open(`/checkout/${order}`)).heading).toBe('Page not found');
    const state = await stranger.send('GET', new URL(`/api/orders/${order}`, stage.appUrl));
    await state.body.dump();
    expect(state.statusCode).toBe(404);
    expect((await get(`/api/orders/${order}`)).status).toBe(404);
  });

  test('A12: a newer launch in the same webview replaces the session', async () => {
    const first = freshCustomer();
    const webview = await stage.launch(first);
    const order = await goToCheckout(webview);
    const second = freshCustomer();
    stage.simulator.maya.saveCustomer({ id: second, name: 'Second', balanceCentavos: 100_000 });
    const launched = (await (
      await fetch(`${stage.simulator.url}/_sim/launch`, {
        method: 'POST',
        body: JSON.stringify({ customer: second }),
      })
    ).json()) as { landingUrl: string };
    const firstCookie = webview.cookieHeader;
    await webview.open(launched.landingUrl);
    expect((await webview.open(`/orders/${order}`)).heading).toBe('Page not found');
    expect((await webview.open('/cart')).text).toContain('Nothing in it yet');
    const old = await get(`/orders/${order}`, { headers: { cookie: firstCookie } });
    expect(await old.text()).toContain('Open this from the Maya app');
  });
});

describe('one of each in a process', () => {
  test('D19: the store is opened once, the client token asked for once, the sweeper started once', async () => {
    const fresh = await openStage('sqlite');
    try {
      const [server] = fresh.servers;
      if (!server) throw new Error('no server');
      const webview = await fresh.launch(freshCustomer());
      await goToCheckout(webview);
      await webview.submit(/^Pay /);
      await webview.open('/orders');
      const calls = fresh.simulator.maya.log().filter((entry) => entry.call === 'client-token');
      expect(calls).toHaveLength(1);
      expect(server.output.filter((line) => line.includes('"process.started"'))).toHaveLength(1);
      if (process.platform !== 'linux') return;
      const files = readdirSync(`/proc/${server.pid}/fd`).flatMap((fd) => {
        try {
          return [readlinkSync(`/proc/${server.pid}/fd/${fd}`)];
        } catch {
          return [];
        }
      });
      expect(files.filter((file) => file.endsWith('app.db'))).toHaveLength(1);
    } finally {
      await fresh.close();
    }
  });
});

describe('a start with wrong settings', () => {
  const start = async (env: Record<string, string>) => {
    const server = await startBuilt({ ...stage.env, ...env }, { until: 'gone' });
    const { code } = await server.gone;
    return { code, output: server.output.join('\n') };
  };

  test('D20: names every wrong variable and no value', async () => {
    const { code, output } = await start({
      SESSION_PASSWORD: 'short-secret',
      MAYA_API_URL: 'not a url',
      MAYA_CLIENT_ID: '',
    });
    expect(code).toBe(1);
    for (const name of ['SESSION_PASSWORD', 'MAYA_API_URL', 'MAYA_CLIENT_ID']) expect(output).toContain(name);
    expect(output).not.toContain('short-secret');
    expect(output).not.toContain('not a url');
  });

  test('a production build does not talk to the simulator unless it is allowed to', async () => {
    const { code, output } = await start({ ALLOW_SIMULATOR: '' });
    expect(code).toBe(1);
    expect(output).toContain('ALLOW_SIMULATOR');
  });

  test('D6: on a PostgreSQL that may forget what it confirmed: refused, and it says why', async () => {
    const database = await makeDatabase();
    try {
      const store = openStore(database.url);
      const name = new URL(database.url).pathname.slice(1);
      await sql.raw(`alter database ${name} set synchronous_commit = off`).execute(store.db);
      await store.close();
      const { code, output } = await start({ DATABASE_URL: database.url });
      expect(code).toBe(1);
      expect(output).toContain('(synchronous_commit or fsync is off), so the server does not start');
    } finally {
      await database.drop();
    }
  });
});

test('a store that was not prepared: alive, not ready, and it says what to do', async () => {
  const server = await startBuilt({ ...stage.env, DATABASE_URL: 'file::memory:' }, { until: 'healthy' });
  try {
    const ready = await fetch(`${server.url}/api/ready`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, code: 'not_migrated' }]);
  } finally {
    await server.kill();
  }
});
