import { expect, test } from './fixtures.ts';

test.describe('with JavaScript off', () => {
  test.use({ javaScriptEnabled: false });

  test('C7: from the shop to the receipt, and a reload charges nothing', async ({ page, stage }) => {
    const customer = `js-off-${Date.now()}`;
    stage.simulator.maya.saveCustomer({ id: customer, name: 'Juan Cruz', balanceCentavos: 500_000 });
    await page.goto(`${stage.simulator.url}/_sim/launch?customer=${customer}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
    await page.getByRole('button', { name: 'Add Tablea de Davao, 12 pieces to cart' }).click();
    await page.getByRole('link', { name: 'Cart' }).click();
    await page.getByRole('button', { name: 'Check out' }).click();
    await page.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    expect(stage.simulator.maya.ledger(customer).debits).toHaveLength(1);
  });

  test('the confirming page follows by itself', async ({ page, stage }) => {
    const customer = `js-off-lost-${Date.now()}`;
    stage.simulator.maya.saveCustomer({ id: customer, name: 'Juan Cruz', balanceCentavos: 500_000 });
    await page.goto(`${stage.simulator.url}/_sim/launch?customer=${customer}`);
    await page.getByRole('button', { name: 'Add Tablea de Davao, 12 pieces to cart' }).click();
    await page.getByRole('link', { name: 'Cart' }).click();
    await page.getByRole('button', { name: 'Check out' }).click();
    stage.simulator.maya.setScenario({ customer, name: 'execute-timeout-uncharged' });
    await page.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Confirming your payment');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    expect(stage.simulator.maya.ledger(customer).debits).toHaveLength(1);
  });
});
