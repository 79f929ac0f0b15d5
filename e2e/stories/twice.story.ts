import type { Page } from 'playwright/test';
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

test('C5: back after success shows no Pay', async ({ page, stage }) => {
  const customer = `back-${Date.now()}`;
  stage.simulator.maya.saveCustomer({ id: customer, name: 'Ana Reyes', balanceCentavos: 500_000 });
  await page.goto(`${stage.simulator.url}/_sim/launch?customer=${customer}`);
  await page.getByRole('button', { name: 'Add Tablea de Davao, 12 pieces to cart' }).click();
  await expect(page.getByText('Added to your cart.')).toBeVisible();
  await page.getByRole('link', { name: 'Cart' }).click();
  await page.getByRole('button', { name: 'Check out' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Checkout');
  await page.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Checkout');
  await expect(page.getByRole('button', { name: /^Pay ₱/ })).toHaveCount(0);
  expect(stage.simulator.maya.ledger(customer).debits).toHaveLength(1);
});

test('C6: back while paying: the server goes on, and the order tells the truth', async ({ page, stage }) => {
  const customer = `leaving-${Date.now()}`;
  const { maya } = stage.simulator;
  maya.saveCustomer({ id: customer, name: 'Ana Reyes', balanceCentavos: 500_000 });
  await page.goto(`${stage.simulator.url}/_sim/launch?customer=${customer}`);
  await page.getByRole('button', { name: 'Add Tablea de Davao, 12 pieces to cart' }).click();
  await expect(page.getByText('Added to your cart.')).toBeVisible();
  await page.getByRole('link', { name: 'Cart' }).click();
  await page.getByRole('button', { name: 'Check out' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Checkout');
  maya.setScenario({ customer, name: 'everything-slow' });
  await page.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await page.goBack();
  await page.goto(`${stage.appUrl}/orders`);
  await page.getByRole('link', { name: /Tablea/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  expect(maya.ledger(customer).debits).toHaveLength(1);
});
