import { expect, test } from './fixtures.ts';

test('C8: the webview is closed while paying and opened again: the result is there, charged once', async ({
  phone,
  page,
}) => {
  await phone.openShop();
  await phone.goToCheckout();
  phone.scenario('execute-timeout-charged');
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await page.getByRole('button', { name: 'Close the mini app' }).click();
  await expect(page.getByRole('button', { name: 'Open the shop' })).toBeVisible();
  await expect.poll(() => phone.debits()).toBe(1);
  await page.getByRole('button', { name: 'Open the shop' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
  await phone.shop.getByRole('link', { name: 'Orders' }).click();
  await expect(async () => {
    await phone.shop.getByRole('link', { name: 'Orders' }).click();
    await expect(phone.shop.getByRole('link', { name: /Payment successful/ })).toBeVisible({
      timeout: 1_000,
    });
  }).toPass();
  expect(phone.debits()).toBe(1);
});

test('A7, A12: a link works once, and the next launch replaces the session', async ({ page, stage }) => {
  const { maya, url } = stage.simulator;
  maya.saveCustomer({ id: 'first', name: 'First One', balanceCentavos: 500_000 });
  const launched = (await (
    await fetch(`${url}/_sim/launch`, { method: 'POST', body: JSON.stringify({ customer: 'first' }) })
  ).json()) as { landingUrl: string };
  await page.goto(launched.landingUrl);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
  expect(page.url()).not.toContain('sessionId');
  await page.goto(launched.landingUrl);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
  await page.context().clearCookies();
  await page.goto(launched.landingUrl);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Open this from the Maya app');
  await expect(page.getByText('used already')).toBeVisible();
});

test('A13: without a session the shop says how to get in', async ({ page, stage }) => {
  for (const path of ['/', '/cart', '/orders', '/open']) {
    await page.goto(stage.appUrl + path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Open this from the Maya app');
  }
});

test('A14: a webview that drops cookies is told so, without a loop', async ({ browser, stage }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route('**/launch**', async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 });
    await context.clearCookies();
    await route.fulfill({ status: answer.status(), headers: { location: answer.headers().location ?? '/' } });
  });
  const { maya, url } = stage.simulator;
  maya.saveCustomer({ id: 'no-cookies', name: 'No Cookies', balanceCentavos: 500_000 });
  const launched = (await (
    await fetch(`${url}/_sim/launch`, { method: 'POST', body: JSON.stringify({ customer: 'no-cookies' }) })
  ).json()) as { landingUrl: string };
  await page.goto(launched.landingUrl);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Open this from the Maya app');
  await expect(page.getByText('cookies seem to be switched off')).toBeVisible();
  await context.close();
});
