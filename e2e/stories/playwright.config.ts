import { defineConfig } from 'playwright/test';
import { CHROMIUM_ARGS, findBrowser } from '../suite/browser.ts';

export default defineConfig({
  testDir: '.',
  testMatch: '*.story.ts',
  outputDir: '../../test-results',
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  timeout: 45_000,
  expect: { timeout: 15_000 },
  reporter: [
    ['list'],
    ['json', { outputFile: process.env.STORIES_REPORT ?? '../../test-results/stories.json' }],
  ],
  use: {
    viewport: { width: 390, height: 844 },
    locale: 'en-PH',
    timezoneId: 'Asia/Manila',
    screenshot: 'only-on-failure',
    launchOptions: { ...findBrowser(), args: CHROMIUM_ARGS },
  },
});
