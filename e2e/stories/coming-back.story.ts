import type { Stage } from '../built/stage.ts';
import { expect, test } from './fixtures.ts';

/** The address that Maya would open in the webview of a customer who tapped the tile just now. */
async function landingUrl({ simulator }: Stage, customer: string, name = 'Maria Santos'): Promise<string> {
  simulator.maya.saveCustomer({ id: customer, name, balanceCentavos: 500_000 });
  const launched = await fetch(`${simulator.url}/_sim/launch`, {
    method: 'POST',
    body: JSON.stringify({ customer }),
  });
  return ((await launched.json()) as { landingUrl: string }).landingUrl;
}

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

test('A7: a link works once', async ({ page, stage }) => {
  const address = await landingUrl(stage, 'first');
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
  expect(page.url()).not.toContain('sessionId');
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
  await page.context().clearCookies();
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Open this from the Maya app');
  await expect(page.getByText('used already')).toBeVisible();
});

test('A8: a webview that loads the link twice at once comes to the shop by itself', async ({
  page,
  context,
  stage,
}) => {
  const address = await landingUrl(stage, 'loads-twice');
  // The first load wins; the second one left before the cookie was there, and its answer is the one that is shown.
  expect((await context.request.get(address)).ok()).toBe(true);
  await page.route('**/launch**', (route) => {
    const { cookie: _, ...headers } = route.request().headers();
    return route.continue({ headers });
  });
  const kept = await context.cookies();
  await context.clearCookies();
  await page.goto(address);
  await expect(page.getByText('used already')).toBeVisible();
  await context.addCookies(kept);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
});

test('A10: the id of the link is in no address that the browser keeps or sends on', async ({
  page,
  stage,
}) => {
  const address = await landingUrl(stage, 'no-traces');
  const sessionId = new URL(address).searchParams.get('sessionId') ?? '';
  expect(sessionId).toMatch(/^[0-9a-f]{64}$/);
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url() !== address)
      sent.push(`${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`);
  });
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
  await page.getByRole('link', { name: 'Orders' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your orders');
  expect(sent.length).toBeGreaterThan(2);
  expect(sent.filter((text) => text.includes(sessionId))).toEqual([]);
  await page.goBack();
  expect(page.url()).not.toContain(sessionId);
  await page.goBack();
  expect(page.url()).toBe('about:blank');
});

test('A20: a link that lay about for too long says so, and what to do', async ({ page, stage }) => {
  const address = await landingUrl(stage, 'too-late');
  await stage.store.db
    .updateTable('sessions')
    .set({ redeem_until: 1 })
    .where('redeemed_at', 'is', null)
    .execute();
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Open this from the Maya app');
  await expect(page.getByText('That link has expired. Nothing was charged.')).toBeVisible();
  await expect(page.getByText('tap our tile to open the shop')).toBeVisible();
  await page.goto(await landingUrl(stage, 'too-late'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
});

test('A12, A22: the next customer’s launch on this phone: back shows nothing of the one before', async ({
  page,
  stage,
}) => {
  const launch = async (customer: string, name: string) => {
    await page.goto(await landingUrl(stage, customer, name));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
  };
  await launch('one-before', 'Ana Reyes');
  await page.getByRole('button', { name: 'Add Tablea de Davao, 12 pieces to cart' }).click();
  await expect(page.getByText('Added to your cart.')).toBeVisible();
  await page.getByRole('link', { name: 'Cart' }).click();
  await page.getByRole('button', { name: 'Check out' }).click();
  await page.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  const order = page.url().split('/').at(-1) ?? '';
  const shownCode = page.getByText('Pick-up code').locator('xpath=following-sibling::p[1]');
  await expect(shownCode).toHaveText(/^[A-Z0-9]{4,}$/);
  const code = await shownCode.innerText();
  const secrets = [order, code, stage.simulator.maya.payments('one-before')[0]?.id ?? ''];
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThanOrEqual(4);
    await expect(page.getByText(secret).first()).toBeVisible();
  }

  await launch('one-after', 'Ben Cruz');
  await page.goBack();
  await expect(page).toHaveURL(`${stage.appUrl}/orders/${order}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Page not found');
  for (const secret of secrets) await expect(page.getByText(secret)).toHaveCount(0);
  await page.goto(`${stage.appUrl}/orders`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your orders');
  await expect(page.getByRole('link', { name: /Tablea/ })).toHaveCount(0);
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
  await page.goto(await landingUrl(stage, 'no-cookies'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Open this from the Maya app');
  await expect(page.getByText('cookies seem to be switched off')).toBeVisible();
  await context.close();
});
