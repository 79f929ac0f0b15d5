import { expect, test } from './fixtures.ts';

test.describe('the network goes away', () => {
  test.use({ expectedErrors: { patterns: [/ERR_INTERNET_DISCONNECTED/, /ERR_FAILED/, /Failed to fetch/] } });

  test('before the tap: nothing is sent, and the same page pays when it is back', async ({
    phone,
    context,
  }) => {
    await phone.openShop();
    await phone.goToCheckout();
    await context.setOffline(true);
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByText('You are offline. Nothing was sent')).toBeVisible();
    expect(phone.debits()).toBe(0);
    await context.setOffline(false);
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    expect(phone.debits()).toBe(1);
  });

  test('C8: after the tap left: no Pay comes back before the server was asked', async ({ phone, page }) => {
    await phone.openShop();
    await phone.goToCheckout();
    // The post arrives and is carried out; its answer does not come back.
    await page.route('**/checkout/*', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      await route.fetch();
      await route.abort('failed');
    });
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByText('The connection was lost while sending.')).toBeVisible();
    await expect(phone.shop.getByRole('button', { name: /^Pay/ })).toHaveCount(0);
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    expect(phone.debits()).toBe(1);
  });

  test('on the way to the server: the order can be paid afterwards', async ({ phone, page }) => {
    await phone.openShop();
    await phone.goToCheckout();
    await page.route('**/checkout/*', (route) =>
      route.request().method() === 'POST' ? route.abort('failed') : route.fallback(),
    );
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByText('The connection was lost while sending.')).toBeVisible();
    await expect(phone.shop.getByText('This order is not paid yet.')).toBeVisible();
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    expect(phone.debits()).toBe(1);
  });

  test('F7: while it is being confirmed: the page says what it knows, and goes on by itself', async ({
    phone,
    context,
  }) => {
    await phone.openShop();
    await phone.goToCheckout();
    phone.scenario('execute-timeout-charged');
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Confirming your payment');
    await context.setOffline(true);
    await expect(phone.shop.getByText('You are offline. This is what we knew last')).toBeVisible();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Confirming your payment');
    await context.setOffline(false);
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    expect(phone.debits()).toBe(1);
  });
});

test.describe('our server stumbles', () => {
  test.use({ expectedErrors: { patterns: [/status of 503/] } });

  test('F7: while it is being confirmed: the page says that it has no answer, and goes on asking', async ({
    phone,
    page,
  }) => {
    await phone.openShop();
    await phone.goToCheckout();
    phone.scenario('execute-timeout-charged');
    let asked = 0;
    await page.route('**/api/orders/*', (route) => {
      asked += 1;
      return route.fulfill({ status: 503, json: { code: 'unavailable' } });
    });
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Confirming your payment');
    await expect(phone.shop.getByText('No answer from our shop right now.')).toBeVisible();
    await expect.poll(() => asked).toBeGreaterThan(2);
    await expect(phone.shop.getByText('No answer from our shop right now.')).toBeVisible();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Confirming your payment');
    await page.unroute('**/api/orders/*');
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    expect(phone.debits()).toBe(1);
  });
});

test.describe('a deploy while the page is open', () => {
  test.use({ expectedErrors: { patterns: [/409|404/, /UnrecognizedActionError/] } });

  test('C34: the page says that it was updated; nothing was sent; a tap after the reload pays', async ({
    phone,
    page,
  }) => {
    await phone.openShop();
    await phone.goToCheckout();
    await page.route('**/checkout/*', (route) => {
      const headers = route.request().headers();
      if (headers['next-action'] === undefined) return route.fallback();
      return route.continue({ headers: { ...headers, 'next-action': `40${'0'.repeat(40)}` } });
    });
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByText('This page was updated. Nothing was sent')).toBeVisible();
    expect(phone.debits()).toBe(0);
    await page.unroute('**/checkout/*');
    await phone.shop.getByRole('link', { name: 'Check now' }).click();
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    expect(phone.debits()).toBe(1);
  });
});
