import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './fixtures.ts';

test.describe('the phone before the shop', () => {
  test('a first opening asks for consent; refused it stays closed, given it opens', async ({
    phone,
    page,
    stage,
  }) => {
    stage.simulator.maya.saveCustomer({ id: phone.customer, consent: false });
    await page.goto(`${stage.simulator.url}/?customer=${phone.customer}`);
    await page.getByRole('button', { name: 'Open the shop' }).click();
    const sheet = page.getByRole('alertdialog');
    await expect(sheet).toBeVisible();
    await sheet.getByRole('button').last().click();
    await expect(sheet).toBeHidden();
    await page.getByRole('button', { name: 'Open the shop' }).click();
    await sheet.getByRole('button').first().click();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
  });

  test('who is not verified is refused, and told why', async ({ phone, page, stage }) => {
    stage.simulator.maya.saveCustomer({ id: phone.customer, kyc: 'none' });
    await page.goto(`${stage.simulator.url}/?customer=${phone.customer}`);
    await page.getByRole('button', { name: 'Open the shop' }).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await expect(page.locator('#frame')).not.toHaveAttribute('src', /./);
  });

  test('who is too young is refused', async ({ phone, page, stage }) => {
    stage.simulator.maya.saveCustomer({ id: phone.customer, age: 12 });
    await page.goto(`${stage.simulator.url}/?customer=${phone.customer}`);
    await page.getByRole('button', { name: 'Open the shop' }).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await expect(page.locator('#frame')).not.toHaveAttribute('src', /./);
  });

  test('money that moves is seen on the home screen and in the ledger', async ({ phone, page }) => {
    await phone.openShop();
    await phone.goToCheckout();
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    await page.getByRole('button', { name: 'Close the mini app' }).click();
    await expect(page.locator('#wallet-balance')).toHaveText('₱4,779.50');
    await expect(page.locator('#ledger tbody tr')).toHaveCount(1);
    await expect(page.getByText('Charged twice')).toHaveCount(0);
  });
});

test.describe('the desk', () => {
  test('a try sets the scenario, says what to watch, and its link leads back to it', async ({
    phone,
    page,
    stage,
  }) => {
    await page.goto(`${stage.simulator.url}/?customer=${phone.customer}`);
    await page.getByRole('button', { name: 'Lose the answer' }).click();
    await expect(page.getByText('Maya charges and never answers')).toBeVisible();
    await expect(page.getByText('On: execute-timeout-charged')).toBeVisible();
    await expect(page.getByText('Used up.')).toHaveCount(0);
    await expect(page).toHaveURL(/scenario=execute-timeout-charged/);
    await page.reload();
    await expect(page.getByLabel('Scenario')).toHaveValue('execute-timeout-charged');
  });

  test('a try that is used up is not set again by a reload', async ({ phone, page, stage }) => {
    await page.goto(`${stage.simulator.url}/?customer=${phone.customer}`);
    const tried = page.getByRole('button', { name: 'Be declined' });
    await tried.click();
    await expect(tried).toHaveAttribute('aria-pressed', 'true');
    const again = page.getByRole('button', { name: 'Set it again' });
    await expect(again).toBeHidden();
    await page.getByRole('button', { name: 'Open the shop' }).click();
    await phone.goToCheckout();
    await phone.shop.getByRole('button', { name: /^Pay / }).click();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment declined');
    await expect(page.getByText('Used up.')).toBeVisible();
    await expect(page).not.toHaveURL(/scenario=/);
    await expect(tried).toHaveAttribute('aria-pressed', 'false');
    const ledgerTop = () =>
      page.locator('#ledger-card').evaluate((card) => card.getBoundingClientRect().top + window.scrollY);
    const before = await ledgerTop();
    await again.click();
    await expect(again).toBeHidden();
    await expect(page.getByText('Used up.')).toHaveCount(0);
    expect(await ledgerTop()).toBe(before);
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await expect(page).not.toHaveURL(/scenario=/);
    await page.reload();
    await expect(page.getByText('On: nothing.')).toBeVisible();
  });

  test('width, theme and language live in the address, and open the shop as chosen', async ({
    phone,
    page,
    stage,
  }) => {
    const address = `${stage.simulator.url}/?customer=${phone.customer}&width=320&theme=dark&lang=fil&open=1`;
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(address);
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Kape para ngayong araw');
    expect(await page.locator('#frame').evaluate((frame) => frame.getBoundingClientRect().width)).toBe(320);
    await expect(page.getByLabel('Theme')).toHaveValue('dark');
  });

  test('offline shows the wallet’s own page, and the shop is there again afterwards', async ({
    phone,
    page,
  }) => {
    await phone.openShop();
    await page.getByLabel('Network').selectOption('offline');
    await expect(page.getByText('No connection')).toBeVisible();
    await page.getByLabel('Network').selectOption('normal');
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
  });

  test('a page that still loads is drawn where it stays', async ({ phone, page }) => {
    await phone.openShop();
    await expect(page.locator('#webview')).toHaveAttribute('aria-busy', 'false');
    const top = () => page.locator('#frame').evaluate((frame) => frame.getBoundingClientRect().top);
    const loaded = await top();
    await page.locator('#webview').evaluate((webview) => webview.setAttribute('aria-busy', 'true'));
    expect(await top()).toBe(loaded);
  });

  test('the log shows the answer that was lost as an error, and PY0010 after it as none', async ({
    phone,
    page,
  }) => {
    await phone.openShop();
    await phone.goToCheckout();
    phone.scenario('execute-timeout-charged');
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    await expect(page.locator('#log .status.wrong')).toHaveText(['hang']);
    await expect(page.locator('#log .status.repeat')).toHaveText(['400 PY0010']);
  });

  test('a customer is changed, and another one added', async ({ phone, page, stage }) => {
    await page.goto(`${stage.simulator.url}/?customer=${phone.customer}`);
    await page.getByText('Change or add a customer').click();
    await page.getByLabel('Balance in pesos').fill('12.50');
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    await expect(page.getByLabel('Balance', { exact: true })).toHaveText('₱12.50');
    await page.getByLabel('Name').fill('Jose Rizal');
    await page.getByRole('button', { name: 'Add as new' }).click();
    await expect(page.getByText('Hello, Jose')).toBeVisible();
  });

  test('A16, B7: time that passes at Maya ends the tokens there; the payment goes on with new ones', async ({
    phone,
    page,
    stage,
  }) => {
    await phone.openShop();
    await phone.goToCheckout();
    await page.getByRole('button', { name: '+15 minutes' }).click();
    await expect(page.getByText('15 minutes ahead')).toBeVisible();
    await expect(page).toHaveURL(/ahead=15/);
    await phone.shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(phone.shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
    expect(stage.simulator.maya.log({ customer: phone.customer }).map(({ call }) => call)).toContain(
      'refresh',
    );
    expect(phone.debits()).toBe(1);
    await page.getByRole('button', { name: 'Back to now' }).click();
    await expect(page.getByText('15 minutes ahead')).toHaveCount(0);
  });

  test('a call can be copied as a command, without its secrets', async ({ phone, page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await phone.openShop();
    const entry = page.locator('#log details').filter({ hasText: 'profile' }).first();
    await entry.locator('summary').click();
    await entry.getByRole('button', { name: 'Copy as curl' }).click();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toMatch(/^curl -X GET '/);
    expect(text).toContain('$CLIENT_AUTHORIZATION');
    expect(text).not.toMatch(/Bearer /);
  });

  test('axe finds nothing, at home and open, light and dark, and nothing sticks out of a small window', async ({
    phone,
    page,
    stage,
  }) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(`${stage.simulator.url}/?customer=${phone.customer}`);
      await expect(page.getByText('Hello, Maria')).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).exclude('#frame').analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(over).toBeLessThanOrEqual(0);
  });
});
