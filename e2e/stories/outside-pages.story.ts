import type { Page } from 'playwright/test';
import { testSettings } from '#e2e/rig/settings.ts';
import type { Locale } from '#lib/base/locale.ts';
import { unavailable } from '#lib/runtime/unavailable.ts';
import { openStage, type Stage } from '../built/stage.ts';
import { OUTSIDE_SCENES } from '../pictures/outside-scenes.ts';
import { cookiesOf, type Shown } from '../pictures/scenes.ts';
import { expectEveryLook } from './every-look.ts';
import { test as base, expect } from './fixtures.ts';

/** Every page of the rail outside Maya, in the state that matters. */

type Rails = (rail: 'page' | 'gate') => Promise<Stage>;

const test = base.extend<{ show: (name: string, locale?: Locale) => Promise<void> }, { rails: Rails }>({
  rails: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
    async ({}, use) => {
      const open = new Map<string, Promise<Stage>>();
      await use((rail) => {
        const stage = open.get(rail) ?? openStage('sqlite', { rail });
        open.set(rail, stage);
        return stage;
      });
      for (const stage of open.values()) await (await stage).close();
    },
    { scope: 'worker' },
  ],
  show: async ({ page, rails }, use) => {
    const prepared = new Map<string, Shown>();
    await use(async (name, locale = 'en') => {
      const scene = OUTSIDE_SCENES.find((candidate) => candidate.name === name);
      if (!scene) throw new Error(`no scene ${name}`);
      const stage = await rails(scene.rail);
      const shown = prepared.get(name) ?? (await scene.prepare(stage));
      prepared.set(name, shown);
      await page.context().clearCookies();
      await page.context().addCookies(cookiesOf(shown, locale, stage.appUrl));
      await page.goto(stage.appUrl + shown.path);
    });
  },
});

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

for (const { name } of OUTSIDE_SCENES)
  test(`F8: ${name}: axe finds nothing, and it fits at 320 px and with text twice as large`, async ({
    page,
    show,
  }) => {
    await expectEveryLook(page, (locale) => show(name, locale));
  });

test.describe('the store is gone', () => {
  test.use({ expectedErrors: { patterns: [/503/] } });

  test('D1, F8: its page passes axe, fits, and goes on by itself', async ({ page, rails }) => {
    const stage = await rails('page');
    let isGone = true;
    await page.route(`${stage.appUrl}/cart`, async (route) => {
      if (!isGone) return route.fallback();
      const headers = new Headers(await route.request().allHeaders());
      const cookie = () => /locale=(\w+)/.exec(headers.get('cookie') ?? '')?.[1];
      const answer = unavailable({ headers, cookie, isForm: false }, testSettings());
      await route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: await answer.text(),
      });
    });
    await page.route(`${stage.appUrl}/api/ready`, (route) =>
      isGone ? route.fulfill({ status: 503, json: { ready: false } }) : route.fallback(),
    );
    await expectEveryLook(page, async (locale) => {
      await page.context().addCookies([{ name: 'locale', value: locale, url: stage.appUrl }]);
      await page.goto(`${stage.appUrl}/cart`);
    });
    await expect(heading(page)).toHaveText('Babalik kami agad');
    isGone = false;
    await expect(heading(page)).toHaveText('Ang cart mo');
  });
});

test('C42: a receipt by its link shows no pick-up code, and nobody’s address', async ({ page, show }) => {
  await show('outside-receipt');
  const code = await page.getByText(/^[2-9A-Z]{6}$/).textContent();
  await show('outside-receipt-by-link');
  await expect(heading(page)).toHaveText('Payment successful');
  await expect(page.getByText('It is shown to whoever ordered or paid')).toBeVisible();
  await expect(page.getByText(/^[2-9A-Z]{6}$/)).toHaveCount(0);
  expect(code).toMatch(/^[2-9A-Z]{6}$/);
  expect(await page.content()).not.toContain('ana@example.com');
});

test('C30: paid twice: who owes what, with both references and whom to ask', async ({ page, show }) => {
  await show('outside-paid-twice');
  await expect(page.getByRole('heading', { name: 'This order was paid twice' })).toBeVisible();
  await expect(page.getByText('You were charged twice.')).toContainText('owes you ₱220.50.');
  await expect(page.getByRole('button', { name: /^Copy Reference: / })).toHaveCount(2);
  await expect(page.getByText('Keep both references.')).toContainText('hello@talacoffee.example');
});

test('the page that waits for the wallet stands still while it looks', async ({ page, show }) => {
  await show('outside-gate-waiting');
  await expect(page).toHaveTitle('Taking you to PayMaya · Tala Coffee Roasters');
  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });
  await page.waitForResponse(/\/handover\//);
  await page.waitForResponse(/\/handover\//);
  expect(loads).toBe(0);
  await expect(page.getByRole('status')).toHaveText(
    'Still waiting for PayMaya. You will not be charged twice.',
  );
});
