import type { BrowserContext, Page } from 'playwright/test';
import { test as base, expect } from 'playwright/test';
import { openStage, type Stage } from '../built/stage.ts';
import type { EcommpayScenarioName } from '../simulator/ecommpay/scenarios/catalogue.ts';

/** An ordinary browser, where the shop is opened without Maya: the second rail, by page and by Gate. */

type Rails = { page: Stage; gate: Stage };

const test = base.extend<object, { stages: Rails }>({
  stages: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
    async ({}, use) => {
      const [page, gate] = [
        await openStage('sqlite', { rail: 'page' }),
        await openStage('sqlite', { rail: 'gate' }),
      ];
      await use({ page, gate });
      await page.close();
      await gate.close();
    },
    { scope: 'worker' },
  ],
});

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

/** From the shop to the order's page with its e-mail field. */
async function order(page: Page, stage: Stage, item = 'Tablea de Davao, 12 pieces'): Promise<string> {
  await page.goto(stage.appUrl);
  await page.getByRole('button', { name: `Add ${item} to cart` }).click();
  await page.getByRole('link', { name: 'Cart, 1 item' }).click();
  await page.getByRole('button', { name: 'Check out' }).click();
  await expect(heading(page)).toHaveText('Checkout');
  return page.url().split('/').at(-1) ?? '';
}

async function pay(page: Page): Promise<void> {
  await page.getByLabel('Your e-mail address').fill('ana@example.com');
  await page.getByRole('button', { name: 'Pay ₱220.50' }).click();
}

const debits = (stage: Stage, paymentIds: string[]) =>
  stage.simulator.ecommpay.ledger().debits.filter(({ paymentId }) => paymentIds.includes(paymentId)).length;

const paymentsOf = async (stage: Stage, order: string) =>
  (await stage.store.db.selectFrom('payments').select('id').where('order_id', '=', order).execute()).map(
    ({ id }) => id,
  );

/** What the next payment meets. One story at a time on each stage. */
const scenario = (stage: Stage, name: EcommpayScenarioName) => stage.simulator.ecommpay.setScenario({ name });

async function approve(page: Page): Promise<void> {
  await expect(heading(page)).toHaveText('Approve this payment?');
  await page.getByRole('radio', { name: 'Maria Santos' }).check();
  await page.getByRole('button', { name: 'Approve ₱220.50' }).click();
}

/** Through ECommPay's page and PayMaya's. */
async function payOnThePage(page: Page): Promise<void> {
  await expect(page.getByLabel('E-mail for the receipt')).toHaveValue('ana@example.com');
  await page.getByRole('button', { name: 'Continue to PayMaya' }).click();
  await approve(page);
}

test.describe.configure({ mode: 'serial' });

test.describe('by the Payment Page', () => {
  test('a customer in an ordinary browser orders, pays, and comes back to the receipt', async ({
    page,
    stages,
    browser,
  }) => {
    const stage = stages.page;
    const id = await order(page, stage);
    await expect(page.getByText('PayMaya takes ₱20.00 to ₱15,000.00 here.')).toBeVisible();
    await pay(page);
    await payOnThePage(page);
    await expect(heading(page)).toHaveText('Payment successful');
    await page.getByRole('link', { name: 'Back to Tala Coffee Roasters' }).click();
    await expect(heading(page)).toHaveText('Payment successful');
    await expect(page.getByText('₱220.50 was paid to Tala Coffee Roasters with PayMaya.')).toBeVisible();
    await expect(page.getByText('Pick-up code', { exact: true })).toBeVisible();
    expect(debits(stage, await paymentsOf(stage, id))).toBe(1);
    expect(stage.simulator.ecommpay.violations()).toEqual([]);

    // What left the wallet here stands in the ledger beside the phone, too.
    const desk = await (await browser.newContext()).newPage();
    await desk.goto(`${stage.simulator.url}/?customer=maria`);
    await expect(desk.locator('#ledger tbody tr').first()).toContainText(/ECommPay₱220\.50/);
    await expect(desk.locator('#log')).toContainText('callback');

    // The private link is the receipt, in any browser; without its key there is nothing.
    const link = (await page.getByText(/\/orders\/.*\?key=/).textContent()) ?? '';
    const other = await (await browser.newContext()).newPage();
    await other.goto(link);
    await expect(heading(other)).toHaveText('Payment successful');
    await other.goto(link.split('?')[0] ?? '');
    await expect(heading(other)).toHaveText('Page not found');
  });

  test('declined: nothing is charged, and the order can be paid again', async ({ page, stages }) => {
    const stage = stages.page;
    const id = await order(page, stage);
    scenario(stage, 'decline-20105');
    await pay(page);
    await payOnThePage(page);
    await page.goto(`${stage.appUrl}/orders/${id}`);
    await expect(heading(page)).toHaveText('Payment declined');
    await expect(page.getByText('Nothing was charged')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Pay ₱220.50' })).toBeVisible();
    expect(debits(stage, await paymentsOf(stage, id))).toBe(0);
  });

  test('walks away and continues the same payment', async ({ page, stages }) => {
    const stage = stages.page;
    const id = await order(page, stage);
    await pay(page);
    await expect(page.getByLabel('E-mail for the receipt')).toBeVisible();
    await page.goto(`${stage.appUrl}/orders/${id}`);
    await expect(heading(page)).toHaveText('Confirming your payment');
    await expect(page.getByRole('button', { name: /^Pay/ })).toHaveCount(0);
    await page.getByRole('link', { name: 'Continue payment' }).click();
    await payOnThePage(page);
    await expect(heading(page)).toHaveText('Payment successful');
    await page.goto(`${stage.appUrl}/orders/${id}`);
    await expect(heading(page)).toHaveText('Payment successful');
    expect(await paymentsOf(stage, id)).toHaveLength(1);
    expect(debits(stage, await paymentsOf(stage, id))).toBe(1);
  });

  test('an address of an e-mail that is none is refused before anybody leaves', async ({ page, stages }) => {
    const id = await order(page, stages.page);
    await page.getByLabel('Your e-mail address').fill('ana@localhost;');
    await page
      .locator('form')
      .filter({ hasText: 'Pay ₱220.50' })
      .evaluate((form: HTMLFormElement) => {
        form.noValidate = true;
      });
    await page.getByRole('button', { name: 'Pay ₱220.50' }).click();
    await expect(page.locator('#email-wrong')).toBeVisible();
    expect(await paymentsOf(stages.page, id)).toEqual([]);
  });

  test('an order begun inside Maya is paid outside by its private link, once', async ({ page, stages }) => {
    const stage = stages.page;
    const inMaya = await stage.launch('in-maya');
    await inMaya.submit(/^Add Tablea/);
    await inMaya.open('/cart');
    const checkout = await inMaya.submit('Check out');
    const link = /http:\S+\?key=[\w-]+/.exec(checkout.text)?.[0] ?? '';
    await page.goto(link);
    await pay(page);
    await payOnThePage(page);
    await expect(heading(page)).toHaveText('Payment successful');
    const after = await inMaya.open(checkout.url.pathname);
    expect(after.heading).toBe('Payment successful');
    expect(inMaya.has(/^Pay /)).toBe(false);
  });

  test('C30: while it is open on one rail, the other one offers nothing', async ({ page, stages }) => {
    const stage = stages.page;
    const inMaya = await stage.launch('both-rails');
    await inMaya.submit(/^Add Tablea/);
    await inMaya.open('/cart');
    const checkout = await inMaya.submit('Check out');
    const [address, form] = inMaya.prepare(/^Pay /);
    const link = /http:\S+\?key=[\w-]+/.exec(checkout.text)?.[0] ?? '';
    await page.goto(link);
    await pay(page);
    await expect(page.getByLabel('E-mail for the receipt')).toBeVisible();
    // The page inside Maya is still open, with its Pay button.
    const tapped = await inMaya.open(address, form);
    expect(tapped.heading).toBe('Confirming your payment');
    expect(stage.simulator.maya.ledger('both-rails').debits).toHaveLength(0);
  });
});

test.describe('with JavaScript off', () => {
  test.use({ javaScriptEnabled: false });

  for (const rail of ['page', 'gate'] as const)
    test(`${rail}: from the shop to the receipt`, async ({ page, stages }) => {
      const stage = stages[rail];
      const id = await order(page, stage);
      await pay(page);
      if (rail === 'page') await payOnThePage(page);
      else await approve(page);
      await expect(heading(page)).toHaveText('Payment successful');
      await page.goto(`${stage.appUrl}/orders/${id}`);
      await expect(heading(page)).toHaveText('Payment successful');
      expect(debits(stage, await paymentsOf(stage, id))).toBe(1);
    });

  test('E17: gate by POST: a button sends the form', async ({ page, stages }) => {
    const stage = stages.gate;
    await order(page, stage);
    scenario(stage, 'redirect-post');
    await pay(page);
    await page.getByRole('button', { name: 'Continue to PayMaya' }).click();
    await approve(page);
    await expect(heading(page)).toHaveText('Payment successful');
  });
});

test.describe('by Gate', () => {
  for (const name of [
    'success',
    'redirect-post',
    'redirect-twice',
    'answer-lost',
    'callback-before-answer',
  ] as const)
    test(`${name}: the customer is taken to the wallet and pays once`, async ({ page, stages }) => {
      const stage = stages.gate;
      const id = await order(page, stage);
      scenario(stage, name);
      await pay(page);
      await approve(page);
      await expect(heading(page)).toHaveText('Payment successful');
      await page.goto(`${stage.appUrl}/orders/${id}`);
      await expect(heading(page)).toHaveText('Payment successful');
      expect(debits(stage, await paymentsOf(stage, id))).toBe(1);
    });

  for (const name of ['redirect-private', 'redirect-http', 'redirect-script'] as const)
    test(`E17: ${name}: nobody is sent there`, async ({ page, stages }) => {
      await order(page, stages.gate);
      scenario(stages.gate, name);
      await pay(page);
      await expect(heading(page)).toHaveText('Taking you to PayMaya');
      await expect(page.getByRole('link', { name: 'Continue to PayMaya' })).toHaveCount(0);
      await page.getByRole('link', { name: 'Back to the order' }).click();
      await expect(heading(page)).toHaveText('Confirming your payment');
    });
});

/** Everything that this browser was told to load. */
function watchAddresses(context: BrowserContext): string[] {
  const seen: string[] = [];
  context.on('request', (request) => seen.push(request.url()));
  return seen;
}

test('nothing of this rail opens inside Maya’s webview', async ({ page, context, stages }) => {
  const seen = watchAddresses(context);
  const stage = stages.page;
  const customer = 'inside-only';
  stage.simulator.maya.saveCustomer({ id: customer, name: 'Maria Santos', balanceCentavos: 500_000 });
  await page.goto(`${stage.simulator.url}/?customer=${customer}`);
  await page.getByRole('button', { name: 'Open the shop' }).click();
  const shop = page.frameLocator('iframe[title="Maya webview"]');
  await shop.getByRole('button', { name: 'Add Tablea de Davao, 12 pieces to cart' }).click();
  await shop.getByRole('link', { name: 'Cart, 1 item' }).click();
  await shop.getByRole('button', { name: 'Check out' }).click();
  await expect(shop.getByLabel('Your e-mail address')).toHaveCount(0);
  await shop.getByRole('button', { name: 'Pay ₱220.50' }).click();
  await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Payment successful');
  expect(seen.filter((url) => /\/handover\/|\/payment\?/.test(url))).toEqual([]);
});
