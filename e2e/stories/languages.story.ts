import { expect, test } from './fixtures.ts';

test('the language is switched on the page, for every page after it, and back', async ({ phone }) => {
  const { shop } = phone;
  const html = shop.locator('html');
  await phone.openShop();
  await expect(html).toHaveAttribute('lang', 'en');
  await shop.getByRole('button', { name: 'Filipino' }).click();
  await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Kape para ngayong araw');
  await expect(html).toHaveAttribute('lang', 'fil');
  await shop.getByRole('button', { name: 'Idagdag ang Tablea de Davao, 12 piraso sa cart' }).click();
  await shop.getByRole('link', { name: 'Cart, 1 item' }).click();
  await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Ang cart mo');
  await shop.getByRole('button', { name: 'Mag-checkout' }).click();
  await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Checkout');
  await shop.getByRole('button', { name: 'English' }).click();
  await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Checkout');
  await expect(shop.getByText('Tablea de Davao, 12 pieces')).toBeVisible();
  await shop.getByRole('button', { name: 'Filipino' }).click();
  await shop.getByRole('button', { name: 'Bayaran ang ₱220.50' }).click();
  await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Matagumpay ang bayad');
  await expect(shop.getByText('Tablea de Davao, 12 piraso')).toBeVisible();
  expect(phone.debits()).toBe(1);
});

test.describe('a phone that speaks Filipino', () => {
  test.use({ locale: 'fil-PH' });

  test('gets pages in Filipino', async ({ page, stage }) => {
    await page.goto(`${stage.appUrl}/open?reason=session-over`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Buksan ito mula sa Maya app');
    await expect(page.getByText('Tapos na ang session mo.')).toBeVisible();
  });
});

test.describe('with JavaScript off', () => {
  test.use({ javaScriptEnabled: false });

  test('the language is switched by a plain form, and the page stays', async ({ page, stage }) => {
    await page.goto(`${stage.appUrl}/open?reason=expired`);
    await page.getByRole('button', { name: 'Filipino' }).click();
    await expect(page).toHaveURL(`${stage.appUrl}/open?reason=expired`);
    await expect(page.getByText('Nag-expire na ang link na iyon.')).toBeVisible();
  });
});
