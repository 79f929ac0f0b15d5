import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { CREDENTIALS, createRig } from '../../ecommpay/rig.ts';
import type { Settings } from '../../ecommpay/settings.ts';
import { type JsonObject, treeOf, writeJson } from '../../ecommpay/signature/json-tree.ts';
import { signed } from '../../ecommpay/signature/sign.ts';
import { startForTest } from '../fixture.ts';

type Hear = (body: string) => number | 'silence' | Promise<number>;

/** A simulator, and an app that hears its callbacks. */
async function stage(settings: Partial<Settings> = {}, hear: Hear = () => 200) {
  const heard: { address: string; body: Record<string, Record<string, unknown>> }[] = [];
  const app = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    heard.push({ address: `${request.method} ${request.url}`, body: JSON.parse(text) });
    const answer = await hear(text);
    if (answer !== 'silence') response.writeHead(answer).end('OK');
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  const sim = await startForTest(
    {},
    {
      appUrl,
      ecommpay: CREDENTIALS,
      ecommpaySettings: { redirectAfterMs: 5, resultAfterMs: 5, ...settings },
    },
  );
  const { saleBody, pageAddress } = createRig();
  const gate = (path: string, body: object, options: RequestInit = {}) =>
    fetch(`${sim.url}/v2/payment/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'accept-encoding': 'identity',
      },
      body: writeJson(signed(treeOf(body) as JsonObject, CREDENTIALS.secret, 'general')),
      ...options,
    });
  return {
    ...sim,
    appUrl,
    heard,
    ecommpay: sim.simulator.ecommpay,
    pageAddress,
    sale: (id: string, options: RequestInit = {}) => gate('wallet/paymaya/sale', saleBody({ id }), options),
    statuses: () => heard.map(({ body }) => body.payment?.status),
    async [Symbol.asyncDispose]() {
      await sim.close();
      app.closeAllConnections();
      await new Promise((resolve) => app.close(resolve));
    },
  };
}

describe('over the network', () => {
  test('a sale over Gate: answered, redirected by a callback, approved on the page, told', async () => {
    await using sim = await stage();
    const taken = await sim.sale('a');
    expect([taken.status, taken.headers.get('content-type')]).toEqual([200, 'application/json']);
    await expect.poll(sim.statuses, { interval: 5 }).toEqual(['awaiting redirect result']);
    expect(sim.heard[0]?.address).toBe('POST /api/ecommpay/callback');

    const redirect = sim.heard[0]?.body.redirect_data as { url: string };
    expect(redirect.url.startsWith(`${sim.url}/payment/wallet?t=`)).toBe(true);
    expect(await (await fetch(redirect.url)).text()).toContain('Approve this payment?');
    const t = new URL(redirect.url).searchParams.get('t') ?? '';
    const approved = await fetch(`${sim.url}/payment/wallet`, {
      method: 'POST',
      body: new URLSearchParams({ t, wallet: 'jose', does: 'approve' }),
      redirect: 'manual',
    });
    expect([approved.status, approved.headers.get('location')]).toEqual([
      303,
      'https://shop.example/orders/1',
    ]);
    await expect.poll(sim.statuses, { interval: 5 }).toEqual(['awaiting redirect result', 'success']);
    expect(sim.maya.ledger('jose')).toEqual({ debits: [], balances: { jose: 5_000 } });
    expect(sim.ecommpay.ledger().debits).toMatchObject([{ wallet: 'jose', amountCentavos: 10_000 }]);
    expect(sim.ecommpay.violations()).toEqual([]);
  });

  test('E1: callback-before-answer', async () => {
    await using sim = await stage({ answerLateMs: 60 });
    sim.ecommpay.setScenario({ name: 'callback-before-answer' });
    await sim.sale('a');
    expect(sim.statuses()).toEqual(['awaiting redirect result']);
  });

  test('E13: a lost answer excuses a repeat, a delivered one does not', async () => {
    await using sim = await stage({ redirectAfterMs: 60_000 });
    sim.ecommpay.setScenario({ name: 'answer-reset' });
    await expect(sim.sale('a')).rejects.toThrow('fetch failed');
    expect(await (await sim.sale('a')).json()).toMatchObject({ code: '3041' });
    sim.ecommpay.setScenario({ name: 'answer-lost' });
    const patience = new AbortController();
    const lost = sim.sale('b', { signal: patience.signal }).catch(() => 'given up');
    await expect.poll(() => sim.ecommpay.payments({ payment: 'b' }).length, { interval: 5 }).toBe(1);
    patience.abort();
    expect(await lost).toBe('given up');
    expect(await (await sim.sale('b')).json()).toMatchObject({ code: '3041' });
    expect(sim.ecommpay.violations()).toEqual([]);
    await sim.sale('c');
    await sim.sale('c');
    expect(sim.ecommpay.violations().map(({ kind }) => kind)).toEqual(['payment-id-reused']);
  });

  test('a callback is told how it was answered: late, never, by another host', async () => {
    await using sim = await stage({ callbackTimeoutMs: 30 }, () => 'silence');
    await sim.sale('a');
    const answers = () => sim.ecommpay.callbacks().map((callback) => callback.answers);
    await expect.poll(answers, { interval: 10 }).toEqual([['timeout']]);
    await using elsewhere = await stage();
    const { saleBody } = createRig();
    const body = saleBody({
      id: 'b',
      more: { general: { merchant_callback_url: 'https://shop.example/x' } },
    });
    await fetch(`${elsewhere.url}/v2/payment/wallet/paymaya/sale`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'accept-encoding': 'gzip' },
      body: writeJson(signed(treeOf(body) as JsonObject, CREDENTIALS.secret, 'general')),
    });
    await expect
      .poll(() => elsewhere.ecommpay.callbacks().map((callback) => callback.answers), { interval: 5 })
      .toEqual([['unreachable']]);
  });
});

describe('the hosted pages', () => {
  test('have no script, no frame around them, and one stylesheet', async () => {
    await using sim = await stage();
    const page = await fetch(sim.url + sim.pageAddress());
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(await page.text()).toContain('href="/payment/page.css"');
    const css = await fetch(`${sim.url}/payment/page.css`);
    expect([css.status, css.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(sim.ecommpay.log()).toHaveLength(1);
  });

  test("a form of the merchant's page may lead to them, and to nothing else", async () => {
    await using sim = await stage();
    const from = async (path: string) =>
      (
        await fetch(sim.url + path, {
          method: 'POST',
          headers: { origin: sim.appUrl },
          body: new URLSearchParams({ t: 'x' }),
        })
      ).status;
    expect(await from('/payment/wallet')).toBe(404);
    expect(await from(sim.pageAddress())).toBe(403);
    expect(await from('/v2/payment/status')).toBe(403);
    expect(await from('/_sim/reset')).toBe(403);
  });

  test('a body that is too large is refused', async () => {
    await using sim = await stage();
    const status = await fetch(`${sim.url}/v2/payment/status`, { method: 'POST', body: 'x'.repeat(70_000) });
    expect(status.status).toBe(413);
  });
});

describe('time', () => {
  test('E2: goes on for ECommPay alone, and every repeat is brought in its turn', async () => {
    let fails = 5;
    await using sim = await stage({ redirectAfterMs: 60_000 }, () => {
      fails -= 1;
      return fails >= 0 ? 500 : 200;
    });
    await sim.sale('a');
    expect(sim.heard).toEqual([]);
    const before = Date.now();
    const { status, json } = await sim.control('POST', 'advance', { minutes: 2 });
    expect(status).toBe(200);
    expect(Date.parse(String(json.now)) - before).toBeGreaterThanOrEqual(120_000);
    expect(Date.now() - before).toBeLessThan(60_000);
    expect(sim.heard).toHaveLength(6);
    expect(sim.ecommpay.callbacks()).toMatchObject([{ attempts: 6, dueAt: null }]);
    await sim.control('POST', 'advance', { days: 1, seconds: 30 });
    expect(sim.statuses().at(-1)).toBe('decline');
    await sim.control('POST', 'reset');
    expect(Date.parse(String((await sim.control('GET', 'advance')).json.now)) - Date.now()).toBeLessThan(
      1_000,
    );
  });

  test.each([{}, { minutes: -1 }, { weeks: 1 }, { days: 61 }, undefined])(
    'by %j it does not',
    async (body) => {
      await using sim = await stage();
      expect(await sim.control('POST', 'advance', body)).toMatchObject({
        status: 400,
        json: { error: 'invalid_advance', mend: expect.stringMatching(/./) },
      });
    },
  );
});

test('without credentials the rail is there, and nobody has its key', async () => {
  await using sim = await startForTest();
  const { pageAddress } = createRig();
  expect((await fetch(sim.url + pageAddress())).status).toBe(400);
  expect(sim.simulator.ecommpay.violations()[0]?.kind).toBe('project-id');
  const values = sim.simulator.ecommpay.secrets().map(({ value }) => value);
  expect(new Set(values).size).toBe(3);
  for (const value of values) expect(value).toMatch(/^[\w-]{40}$/);
});

test('closing waits for nobody', async () => {
  const sim = await stage({}, () => 'silence');
  await sim.sale('a');
  await expect.poll(() => sim.heard.length, { interval: 5 }).toBe(1);
  await sim[Symbol.asyncDispose]();
  await expect(fetch(sim.url)).rejects.toThrow('fetch failed');
});
