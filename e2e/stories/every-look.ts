import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';
import type { Locale } from '#lib/base/locale.ts';

/**
 * Axe finds nothing on a page in either language and either theme, and nothing sticks out at 320 px, nor with text twice
 * as large. Languages differ in words and themes in colours, so each is looked at once.
 *
 * @param open shows the page in a language
 */
export async function expectEveryLook(page: Page, open: (locale: Locale) => Promise<void>): Promise<void> {
  for (const [locale, colorScheme] of [
    ['en', 'light'],
    ['fil', 'dark'],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await open(locale);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
  for (const [width, percent] of [
    [320, 100],
    [390, 200],
  ] as const) {
    await page.setViewportSize({ width, height: 844 });
    await page.evaluate((size) => {
      document.documentElement.style.fontSize = `${size}%`;
    }, percent);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(over, `nothing sticks out at ${width} px with ${percent} % text`).toBeLessThanOrEqual(0);
  }
}
