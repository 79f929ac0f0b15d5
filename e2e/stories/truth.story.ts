import { addSecondPayment } from '../pictures/second-payment.ts';
import { expect, test } from './fixtures.ts';

test('C8: a payment without an outcome is shown when the shop is opened again', async ({
  phone,
  page,
  stage,
}) => {
  await phone.openShop();
  await phone.goToCheckout();
  phone.scenario('execute-other-id');
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Confirming your payment');
  await page.getByRole('button', { name: 'Close the mini app' }).click();
  await page.getByRole('button', { name: 'Open the shop' }).click();
  await expect(phone.shop.getByText('still being confirmed')).toBeVisible();
  // Who the customer is comes a moment after the launch; from then on the way to the order is there.
  await expect(async () => {
    await phone.shop.getByRole('link', { name: 'Shop', exact: true }).click();
    await phone.shop.getByRole('link', { name: 'See how it stands' }).click({ timeout: 1_000 });
  }).toPass();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Confirming your payment');
  expect(stage.simulator.maya.violations()).toEqual([]);
});

test('a second payment of the same total is asked about first', async ({ phone }) => {
  await phone.openShop();
  await phone.goToCheckout();
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  await phone.shop.getByRole('link', { name: 'Shop', exact: true }).click();
  await phone.goToCheckout();
  await expect(phone.shop.getByRole('heading', { name: 'Is this a second purchase?' })).toBeVisible();
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  expect(phone.debits()).toBe(2);
});

test('asked about it also where the first payment came after the page', async ({ phone, page }) => {
  await phone.openShop();
  await phone.goToCheckout();
  const shown = phone.shop.locator('body');
  const order = await shown.evaluate(() => window.location.href);
  const second = await page.context().newPage();
  await second.goto(order);
  // On another page of the same customer the same thing is bought and paid meanwhile.
  await second.getByRole('link', { name: 'Shop', exact: true }).click();
  await second.getByRole('button', { name: 'Add Tablea de Davao, 12 pieces to cart' }).click();
  await second.getByRole('link', { name: /^Cart/ }).click();
  await second.getByRole('spinbutton', { name: 'Quantity' }).fill('1');
  await second.getByRole('button', { name: /^Change quantity/ }).click();
  await expect(second.getByRole('link', { name: 'Cart, 1 item' })).toBeVisible();
  await second.getByRole('button', { name: 'Check out' }).click();
  await second.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { name: 'Is this a second purchase?' })).toBeVisible();
  expect(phone.debits()).toBe(1);
});

test('declined for a limit: says what to do', async ({ phone }) => {
  await phone.openShop();
  await phone.goToCheckout();
  phone.scenario('declined-limit-code');
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment declined');
  await expect(phone.shop.getByText('Your Maya account reached a limit.')).toBeVisible();
  await expect(phone.shop.getByText('Nothing was charged')).toBeVisible();
});

test('C30: charged twice: who owes what, with reference and contact', async ({ phone, stage }) => {
  await phone.openShop();
  await phone.goToCheckout();
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  const order =
    (await phone.shop.locator('body').evaluate(() => window.location.pathname)).split('/')[2] ?? '';
  const { first, second } = await addSecondPayment(stage.store, order);
  await phone.shop.getByRole('link', { name: 'Orders' }).click();
  await phone.shop.getByRole('link', { name: /Payment successful/ }).click();
  await expect(phone.shop.getByRole('heading', { name: 'This order was paid twice' })).toBeVisible();
  await expect(phone.shop.getByText('You were charged twice.')).toContainText('owes you ₱220.50.');
  for (const reference of [first, second]) await expect(phone.shop.getByText(reference)).toBeVisible();
});

test('an id can be copied', async ({ page, context, openScene }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openScene('approved');
  const copy = page.getByRole('button', { name: /^(Copy Reference|Copied)$/ });
  await expect(async () => {
    await copy.click();
    await expect(copy).toHaveText('Copied', { timeout: 500 });
  }).toPass();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(page.url()).toContain(`/orders/${copied}`);
});
