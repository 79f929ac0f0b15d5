import { afterAll, beforeAll, expect, test } from 'vitest';
import { Webview } from '../webview/webview.ts';
import { type OutsideCustomer, payForm, visit } from './outside-run.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('sqlite', { rail: 'page' });
});
afterAll(() => stage.close());

const visitors = (answer: Response) =>
  answer.headers.getSetCookie().filter((cookie) => cookie.startsWith('visitor='));

test('the first page brings the cookie, and is kept by nobody', async () => {
  const answer = await fetch(stage.appUrl);
  expect(visitors(answer)).toEqual([expect.stringMatching(/; Path=\/;.*HttpOnly; SameSite=lax$/i)]);
  expect(answer.headers.get('cache-control')).toContain('private');
  expect(answer.headers.get('cache-control')).toContain('no-store');
  const cookie = visitors(answer)[0]?.split(';')[0] ?? '';
  expect(visitors(await fetch(stage.appUrl, { headers: { cookie } }))).toEqual([]);
});

test('Maya’s webview gets none, from the launch on', async () => {
  const webview = await stage.launch('in-maya');
  await webview.open('/cart');
  expect(webview.cookieHeader).toMatch(/^customer=[^;]+$/);
});

test('C8: a first tap by a private link whose answer is lost: the same browser goes on', async () => {
  const orderer = await visit(stage, 'page');
  const page = await orderer.browser.open(`/orders/${orderer.order}`);
  const address = /http:\S+\?key=[\w-]+/.exec(page.text)?.[0] ?? '';
  const browser = new Webview({ appUrl: stage.appUrl });
  const payer: OutsideCustomer = { ...orderer, browser };
  await browser.open(address);
  const [to, form] = payForm(payer);
  // Arrives and is carried out; of its answer this browser hears nothing, its cookies included.
  const lost = browser.on(stage.appUrl);
  await (await lost.send('POST', new URL(to), form.body, form.type)).body.dump();
  await lost.close();
  expect(await payer.payments()).toHaveLength(1);
  expect((await browser.open(address)).heading).toBe('Confirming your payment');
  await browser.open(browser.link('Continue payment') ?? '');
  expect(browser.link('Continue to PayMaya')).toMatch(/\/payment\?/);
  // Another browser with the same link is led nowhere.
  const other = new Webview({ appUrl: stage.appUrl });
  await other.open(address);
  expect(other.link('Continue payment')).toBeUndefined();
  await Promise.all([orderer.browser, browser, other].map((each) => each.close()));
});
