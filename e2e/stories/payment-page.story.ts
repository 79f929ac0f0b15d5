import { expect, test } from 'playwright/test';
import { CREDENTIALS, createRig } from '../simulator/ecommpay/rig.ts';
import { type Simulator, startSimulator } from '../simulator/start.ts';

/** The simulated ECommPay's own pages, without an app: what a customer's browser makes of them when scripts are off. */

test.use({ javaScriptEnabled: false });

let simulator: Simulator;
test.beforeAll(async () => {
  simulator = await startSimulator({
    port: 0,
    appUrl: 'http://localhost:1',
    clientId: 'client',
    clientSecret: 'a-client-secret',
    p2mId: 'P2M-1',
    merchantName: 'Tala Coffee Roasters',
    ecommpay: CREDENTIALS,
    ecommpaySettings: { resultAfterMs: 300 },
  });
});
test.afterAll(() => simulator.close());

/** Leads back to the simulator's own page, as there is no shop. */
const addressOf = (id: string) => {
  const merchant_success_url = `${simulator.url}/?order=${id}`;
  const more = { best_before: undefined, merchant_success_url, customer_email: undefined };
  return simulator.url + createRig().pageAddress({ id, amount: 149_950, more });
};

test('a customer pays on the Payment Page', async ({ page }) => {
  await page.goto(addressOf('order-1'));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pay Tala Coffee Roasters');
  await page.getByLabel('E-mail for the receipt').fill('maria@example');
  await page.getByRole('button', { name: 'Continue to PayMaya' }).click();
  await expect(page.getByRole('alert')).toHaveText('This is not an e-mail address.');
  await page.getByLabel('E-mail for the receipt').fill('maria@example.com');
  await page.getByRole('button', { name: 'Continue to PayMaya' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Approve this payment?');
  await page.getByRole('radio', { name: 'Maria Santos' }).check();
  await page.getByRole('button', { name: 'Approve ₱1,499.50' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  await page.getByRole('link', { name: 'Back to Tala Coffee Roasters' }).click();
  await expect(page).toHaveURL(/order=order-1$/);
  expect(simulator.ecommpay.ledger().debits).toMatchObject([
    { paymentId: 'order-1', amountCentavos: 149_950 },
  ]);
  expect(simulator.maya.ledger('maria').balances.maria).toBe(350_050);
  expect(simulator.ecommpay.violations()).toEqual([]);
});

test('a customer is declined, and tries again', async ({ page }) => {
  simulator.ecommpay.setScenario({ name: 'second-attempt', payment: 'order-2' });
  await page.goto(addressOf('order-2'));
  await page.getByLabel('E-mail for the receipt').fill('maria@example.com');
  await page.getByRole('button', { name: 'Continue to PayMaya' }).click();
  await page.getByRole('button', { name: /^Approve/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment declined');
  await page.getByRole('link', { name: 'Try again' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('status')).toHaveText(
    'The payment was declined: Account owner cancelled the payment (code 20301).',
  );
});

test('the pages fit a phone and have large targets', async ({ page }) => {
  await page.goto(addressOf('order-3'));
  await page.getByLabel('E-mail for the receipt').fill('maria@example.com');
  for (const control of await page.locator('button, .choice, input[type=email]').all()) {
    const { x = 0, width = 0, height = 0 } = (await control.boundingBox()) ?? {};
    expect(height).toBeGreaterThanOrEqual(44);
    expect(x + width).toBeLessThanOrEqual(390);
  }
});
