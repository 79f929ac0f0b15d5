import { afterEach, describe, expect, test } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../chaos/tcp-proxy.ts';
import { payForm, visit } from './outside-run.ts';
import { openStage, type Stage } from './stage.ts';

/** Moments in which Next has no page for a browser without JavaScript. */

let stage: Stage | undefined;
let line: TcpProxy | undefined;
afterEach(async () => {
  line?.setMood('open');
  await stage?.close();
  await line?.close();
  [stage, line] = [undefined, undefined];
});

/** The app behind a line to PostgreSQL that can be cut. */
async function behindALine() {
  const made = await openStage('postgres', { rail: 'page', servers: 0 });
  stage = made;
  const url = new URL(made.databaseUrl);
  const cut = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
  line = cut;
  url.hostname = '127.0.0.1';
  url.port = String(cut.port);
  await made.startServer({ DATABASE_URL: url.href });
  return { stage: made, line: cut };
}

describe('D1: the store is gone', () => {
  test('every address says so in its own way, sends nothing, and works again afterwards', async () => {
    const { stage, line } = await behindALine();
    const customer = await visit(stage, 'page');
    const { browser, order } = customer;
    const [address, form] = payForm(customer);
    line.setMood('gone');
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(stage.appUrl + path, { redirect: 'manual', ...init });
    await expect.poll(async () => (await ask('/')).status).toBe(503);
    for (const path of [
      '/',
      '/cart',
      `/orders/${order}?key=x`,
      `/handover/${order}`,
      `/launch?sessionId=${'a'.repeat(64)}`,
    ]) {
      const answer = await ask(path, { headers: { 'accept-language': 'fil' } });
      expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '5']);
      expect(await answer.text()).toContain('Babalik kami agad');
    }
    const sent = await browser.open(address, form);
    expect([sent.status, sent.heading]).toEqual([503, 'We will be right back']);
    expect(sent.text).toContain('Nothing was sent and nothing was charged');

    const state = await ask(`/api/orders/${order}`);
    expect([state.status, await state.json()]).toEqual([503, { code: 'unavailable' }]);
    const handOff = await ask(`/api/maya/session/${stage.secrets.sessionUrlSecret}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ accessToken: 'a.b.c.d.e', refreshToken: 'a.b.c' }),
    });
    expect([handOff.status, await handOff.json()]).toEqual([503, { code: 'unavailable' }]);
    expect(handOff.headers.get('retry-after')).toBe('1');

    line.setMood('open');
    expect(await customer.payments()).toEqual([]);
    const again = await browser.open(address);
    expect([again.status, again.heading]).toEqual([200, 'Checkout']);
    expect(browser.has(/^Pay /)).toBe(true);
  });

  test('a store that says nothing at all: the page comes within seconds', async () => {
    const { stage, line } = await behindALine();
    line.setMood('silent');
    await expect
      .poll(async () => (await fetch(stage.appUrl, { signal: AbortSignal.timeout(8_000) })).status, {
        timeout: 30_000,
      })
      .toBe(503);
  });
});

describe('without JavaScript', () => {
  test('C34: a form of a page of another build is not carried out, and its page says so', async () => {
    stage = await openStage('sqlite', { rail: 'page' });
    const customer = await visit(stage, 'page');
    const [address, form] = payForm(customer);
    const old = { ...form, body: form.body.replace(/(ACTION_ID_)\w+/, `$140${'0'.repeat(40)}`) };
    expect(old.body).not.toBe(form.body);
    const answer = await customer.browser.send('POST', new URL(`${address}?x=1`), old.body, old.type);
    await answer.body.dump();
    const location = String(answer.headers.location);
    expect([answer.statusCode, new URL(location, address).search]).toEqual([303, '?x=1&notice=updated']);
    const page = await customer.browser.open(address, old);
    expect(page.status).toBe(200);
    expect(page.text).toContain('This page was updated, so nothing was sent and nothing was charged');
    expect(await customer.payments()).toEqual([]);
    await customer.browser.submit(/^Pay /, { email: 'ana@example.com' });
    expect(await customer.payments()).toHaveLength(1);
  });

  test('D5: what cannot be written is told by the page that the form was on', async () => {
    stage = await openStage('sqlite', { rail: 'page' });
    const { browser } = await visit(stage, 'page');
    await browser.open('/items/barako');
    await stage.store.db.schema.alterTable('carts').renameTo('carts_away').execute();
    const form = browser.prepare('Add to cart', { 'choice.size': '500', 'choice.grind': 'drip' });
    const answer = await browser.send('POST', new URL(form[0]), form[1].body, form[1].type, {
      referer: form[0],
    });
    await answer.body.dump();
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/items/barako?notice=trouble']);
    await stage.store.db.schema.alterTable('carts_away').renameTo('carts').execute();
    expect((await browser.open('/items/barako?notice=trouble')).text).toContain(
      'Something went wrong on our side',
    );
  });
});
