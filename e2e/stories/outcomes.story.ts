import { openStage } from '../built/stage.ts';
import { expect, test } from './fixtures.ts';

test('approved: tile, shop, order, Pay, receipt', async ({ phone }) => {
  await phone.openShop();
  await phone.goToCheckout();
  await expect(phone.shop.getByText('your Maya Wallet')).toBeVisible();
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  await expect(phone.shop.getByText('Pick-up code')).toBeVisible();
  await expect(phone.shop.getByRole('button', { name: /^Pay/ })).toHaveCount(0);
  expect(phone.debits()).toBe(1);
  await phone.shop.getByRole('link', { name: 'Orders' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Your orders');
  await expect(phone.shop.getByRole('main').getByText('Payment successful')).toBeVisible();
});

test('C26: declined: nothing is charged, and it can be paid again', async ({ phone }) => {
  await phone.openShop();
  await phone.goToCheckout();
  phone.scenario('declined-balance-code');
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment declined');
  await expect(phone.shop.getByText('not enough money in your Maya Wallet')).toBeVisible();
  expect(phone.debits()).toBe(0);
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  expect(phone.debits()).toBe(1);
});

test('C17, C38: a lost answer: confirming, then settled, charged once', async ({ phone }) => {
  await phone.openShop();
  await phone.goToCheckout();
  phone.scenario('execute-timeout-charged');
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Confirming your payment');
  await expect(phone.shop.getByText('You will not be charged twice')).toBeVisible();
  await expect(phone.shop.getByRole('button', { name: /^Pay/ })).toHaveCount(0);
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  expect(phone.debits()).toBe(1);
});

test('B2: the session is over: nothing is charged, and the page says how to come back', async ({ phone }) => {
  await phone.openShop();
  await phone.goToCheckout();
  phone.scenario('refresh-refused');
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment failed');
  await expect(phone.shop.getByText('Nothing was charged')).toBeVisible();
  await phone.shop.getByRole('link', { name: 'Shop', exact: true }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Open this from the Maya app');
  expect(phone.debits()).toBe(0);
});

test('B8: Maya does not take the merchant’s credentials: a calm word, and once they are right the same order is paid', async ({
  page,
}) => {
  const stage = await openStage('sqlite', { env: { MAYA_CLIENT_SECRET: 'revoked-revoked-revoked' } });
  try {
    const { maya, url } = stage.simulator;
    maya.saveCustomer({ id: 'calm', name: 'Maria Santos', balanceCentavos: 500_000 });
    const launch = await fetch(`${url}/_sim/launch`, {
      method: 'POST',
      body: JSON.stringify({ customer: 'calm' }),
    });
    await page.goto(((await launch.json()) as { landingUrl: string }).landingUrl);
    await page.getByRole('button', { name: 'Add Tablea de Davao, 12 pieces to cart' }).click();
    await page.getByRole('link', { name: 'Cart, 1 item' }).click();
    await page.getByRole('button', { name: 'Check out' }).click();
    await page.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(page.getByText('Payments are not available right now. Nothing was charged.')).toBeVisible();
    expect(maya.payments()).toEqual([]);

    await stage.servers[0]?.kill();
    await stage.startServer({ MAYA_CLIENT_SECRET: stage.secrets.clientSecret });
    await page.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    expect(maya.ledger('calm').debits).toHaveLength(1);
  } finally {
    await stage.close();
  }
});

test('C12: nobody can tell: the customer is told the truth and cannot pay beside it', async ({ phone }) => {
  await phone.openShop();
  await phone.goToCheckout();
  phone.scenario('execute-other-id');
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Confirming your payment');
  await expect(phone.shop.getByText('looking it up by hand')).toBeVisible();
  await expect(phone.shop.getByRole('button', { name: /^Pay/ })).toHaveCount(0);
});

test('A5, A21: whose wallet pays is said, masked, wherever Pay is offered', async ({ phone }) => {
  const account = phone.shop.getByText('M••••• S•••••');
  await phone.openShop();
  await phone.goToCheckout();
  await expect(phone.shop.getByRole('button', { name: /^Pay ₱/ })).toBeVisible();
  await expect(account).toBeVisible();
  phone.scenario('declined-balance-code');
  await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment declined');
  await expect(phone.shop.getByRole('button', { name: /^Pay ₱/ })).toBeVisible();
  await expect(account).toBeVisible();
  await expect(phone.shop.getByText('Santos')).toHaveCount(0);
});
