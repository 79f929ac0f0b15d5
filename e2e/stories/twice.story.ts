import type { Page } from 'playwright/test';
import type { Stage } from '../built/stage.ts';
import { expect, test } from './fixtures.ts';

/** Scripts of the app come as late as on a bad network: the page is there, nothing is hydrated. */
async function holdScripts(page: Page): Promise<() => void> {
  let release = () => {};
  const open = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/_next/static/**/*.js', async (route) => {
    await open;
    await route.continue().catch(() => {});
  });
  return release;
}

test('C1: a double tap before hydration is one payment', async ({ page, stage }) => {
  const customer = `double-${Date.now()}`;
  const { maya, url } = stage.simulator;
  maya.saveCustomer({ id: customer, name: 'Ana Reyes', balanceCentavos: 500_000 });
  await page.goto(`${url}/_sim/launch?customer=${customer}`);
  await page.getByRole('button', { name: 'Add Tablea de Davao, 12 pieces to cart' }).click();
  await expect(page.getByText('Added to your cart.')).toBeVisible();
  await page.goto(`${stage.appUrl}/cart`);
  await page.getByRole('button', { name: 'Check out' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Checkout');

  const release = await holdScripts(page);
  await page.reload({ waitUntil: 'commit' });
  maya.changeSettings({ latencyMs: 300 });
  const button = page.getByRole('button', { name: 'Pay ₱220.50' });
  await button.waitFor();
  await button.dblclick({ noWaitAfter: true });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  maya.changeSettings({ latencyMs: 0 });
  release();
  expect(maya.payments(customer)).toHaveLength(1);
  expect(maya.ledger(customer).debits).toHaveLength(1);
});

test('C2: a double tap after hydration is one payment', async ({ phone, stage }) => {
  await phone.openShop();
  await phone.goToCheckout();
  stage.simulator.maya.setScenario({ customer: phone.customer, name: 'everything-slow' });
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).dblclick();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  expect(stage.simulator.maya.payments(phone.customer)).toHaveLength(1);
  expect(phone.debits()).toBe(1);
});

test('C3: two windows on one order: the second follows the first', async ({ phone, page, stage }) => {
  await phone.openShop();
  await phone.goToCheckout();
  const order = (await phone.shop.locator('input[name="order"]').first().getAttribute('value')) ?? '';
  const second = await page.context().newPage();
  await second.goto(`${stage.appUrl}/checkout/${order}`);
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('Checkout');
  stage.simulator.maya.setScenario({ customer: phone.customer, name: 'everything-slow' });
  await Promise.all([
    phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click(),
    second.getByRole('button', { name: 'Pay ₱220.50' }).click(),
  ]);
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  expect(stage.simulator.maya.payments(phone.customer)).toHaveLength(1);
  expect(phone.debits()).toBe(1);
});

/** Straight in the window, without the phone around it, up to the checkout page. @returns the order */
async function goToCheckout(page: Page, stage: Stage, customer: string): Promise<string> {
  stage.simulator.maya.saveCustomer({ id: customer, name: 'Ana Reyes', balanceCentavos: 500_000 });
  await page.goto(`${stage.simulator.url}/_sim/launch?customer=${customer}`);
  await page.getByRole('button', { name: 'Add Tablea de Davao, 12 pieces to cart' }).click();
  await expect(page.getByText('Added to your cart.')).toBeVisible();
  await page.getByRole('link', { name: 'Cart' }).click();
  await page.getByRole('button', { name: 'Check out' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Checkout');
  return (await page.locator('input[name="order"]').first().getAttribute('value')) ?? '';
}

test('C5: back after success leads to the receipt, without a Pay', async ({ page, stage }) => {
  const customer = `back-${Date.now()}`;
  const order = await goToCheckout(page, stage, customer);
  await page.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  // Both headings are the same: the page behind is drawn once the server was asked for it.
  const asked = page.waitForResponse((answer) => answer.url().includes(`/checkout/${order}`));
  await page.goBack();
  await asked;
  await expect(page).toHaveURL(`${stage.appUrl}/orders/${order}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  await expect(page.getByRole('button', { name: /^Pay ₱/ })).toHaveCount(0);
  expect(stage.simulator.maya.ledger(customer).debits).toHaveLength(1);
});

test('C5: a page that the browser kept whole is loaded anew', async ({ page, stage }) => {
  const customer = `kept-${Date.now()}`;
  const order = await goToCheckout(page, stage, customer);
  // Paid elsewhere: this page does not know.
  const other = await page.context().newPage();
  await other.goto(`${stage.appUrl}/checkout/${order}`);
  await other.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  await expect(page.getByRole('button', { name: 'Pay ₱220.50' })).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false })));
  await expect(page.getByRole('button', { name: 'Pay ₱220.50' })).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect(page).toHaveURL(`${stage.appUrl}/orders/${order}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  await expect(page.getByRole('button', { name: /^Pay ₱/ })).toHaveCount(0);
  expect(stage.simulator.maya.ledger(customer).debits).toHaveLength(1);
});

test('C6: back while paying, and forward: the server goes on, and the page shows how it stands', async ({
  page,
  stage,
}) => {
  const customer = `leaving-${Date.now()}`;
  const { maya } = stage.simulator;
  const order = await goToCheckout(page, stage, customer);
  maya.setScenario({ customer, name: 'execute-timeout-charged' });
  await page.getByRole('button', { name: 'Pay ₱220.50' }).click();
  // The tap has arrived.
  await expect.poll(() => maya.payments(customer).length).toBe(1);
  await page.goBack();
  await expect(page).toHaveURL(`${stage.appUrl}/cart`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your cart');
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirming your payment');
  await expect(page).toHaveURL(`${stage.appUrl}/orders/${order}`);
  await expect(page.getByRole('button', { name: /^Pay ₱/ })).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  expect(maya.ledger(customer).debits).toHaveLength(1);
});
