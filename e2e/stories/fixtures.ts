import { type BrowserContext, test as base, expect, type FrameLocator, type Page } from 'playwright/test';
import type { Locale } from '#lib/base/locale.ts';
import { freshCustomer, openStage, type Stage } from '../built/stage.ts';
import { cookiesOf, SCENES, type Shown } from '../pictures/scenes.ts';
import type { ScenarioName } from '../simulator/maya/scenarios/catalogue.ts';

/** A customer with a phone: the simulator's page, and the shop inside it. */
export type Phone = {
  customer: string;
  page: Page;
  /** The shop inside the phone's webview. */
  shop: FrameLocator;
  /** Taps the merchant's tile and waits for the shop. */
  openShop(): Promise<void>;
  /** From the shop to the checkout page. */
  goToCheckout(item?: string): Promise<void>;
  scenario(name: ScenarioName, calls?: number): void;
  debits(): number;
};

/** What no story may cause: errors in the console, among them everything that the page's own policy forbids. */
function watchConsole(context: BrowserContext, complaints: string[], expected: RegExp[]): void {
  context.on('console', (message) => {
    if (message.type() !== 'error') return;
    if (expected.some((pattern) => pattern.test(message.text()))) return;
    complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
}

export const test = base.extend<
  {
    phone: Phone;
    makePhone: (page: Page, customer?: string) => Phone;
    /** Complaints of the console that a story is about. */
    expectedErrors: { patterns: RegExp[] };
    /** Opens a page of the picture book in this window, without the phone around it. */
    openScene: (name: string, locale?: Locale) => Promise<void>;
    quiet: undefined;
  },
  { stage: Stage }
>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
    async ({}, use) => {
      const stage = await openStage('sqlite', { env: { PAY_WAIT_MS: '800' } });
      await use(stage);
      await stage.close();
    },
    { scope: 'worker' },
  ],
  expectedErrors: [{ patterns: [] }, { option: true }],
  quiet: [
    async ({ context, expectedErrors }, use) => {
      const complaints: string[] = [];
      watchConsole(context, complaints, expectedErrors.patterns);
      await use(undefined);
      expect(complaints, 'no page complains').toEqual([]);
    },
    { auto: true },
  ],
  makePhone: async ({ stage }, use) => {
    await use((page, customer = freshCustomer()) => {
      const { maya } = stage.simulator;
      if (!maya.customers().some(({ id }) => id === customer))
        maya.saveCustomer({ id: customer, name: 'Maria Santos', balanceCentavos: 500_000 });
      const shop = page.frameLocator('iframe[title="Maya webview"]');
      return {
        customer,
        page,
        shop,
        openShop: async () => {
          await page.goto(`${stage.simulator.url}/?customer=${customer}`);
          await page.getByRole('button', { name: 'Open the shop' }).click();
          await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Coffee for today');
        },
        goToCheckout: async (item = 'Tablea de Davao, 12 pieces') => {
          await shop.getByRole('button', { name: `Add ${item} to cart` }).click();
          await expect(shop.getByText('Added to your cart.')).toBeVisible();
          await shop.getByRole('link', { name: 'Cart' }).click();
          await shop.getByRole('button', { name: 'Check out' }).click();
          await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Checkout');
        },
        scenario: (name, calls) => {
          maya.setScenario({ customer, name, ...(calls ? { calls } : {}) });
        },
        debits: () => maya.ledger(customer).debits.length,
      };
    });
  },
  openScene: async ({ page, stage }, use) => {
    const prepared = new Map<string, Shown>();
    await use(async (name, locale = 'en') => {
      const scene = SCENES.find((candidate) => candidate.name === name);
      if (!scene) throw new Error(`no scene ${name}`);
      const shown = prepared.get(name) ?? (await scene.prepare(stage));
      prepared.set(name, shown);
      await page.context().clearCookies();
      await page.context().addCookies(cookiesOf(shown, locale, stage.appUrl));
      await page.goto(stage.appUrl + shown.path);
    });
  },
  phone: async ({ page, makePhone }, use) => {
    await use(makePhone(page));
  },
});

export { expect };

/** A second, empty browser on the same machine. */
export async function anotherWindow(page: Page): Promise<Page> {
  return page.context().newPage();
}
