import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { openStage, type Stage } from '../built/stage.ts';
import { CHROMIUM_ARGS, findOrInstallBrowser } from '../suite/browser.ts';
import { OUTSIDE_SCENES } from './outside-scenes.ts';
import { cookiesOf, SCENES, type Scene, type Shown } from './scenes.ts';

/**
 * `npm run screenshots [-- name …]`: a picture book of every page in the state that matters, in both languages and
 * themes, on a phone and on a desk, and of the simulator's phone. Written to `pictures/`. Needs a build.
 */
const FOLDER = 'pictures';
const SIZES = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } } as const;
const THEMES = ['light', 'dark'] as const;
const LANGUAGES = ['en', 'fil'] as const;

/** What waits for Maya waits while its pictures are taken. */
const PATIENT = { MAYA_EXECUTE_TIMEOUT_MS: '40000', PAY_WAIT_MS: '800' };

async function picture(
  browser: Browser,
  stage: Stage,
  file: string,
  shown: Shown,
  look: { language: string; theme: 'light' | 'dark'; size: keyof typeof SIZES },
): Promise<void> {
  const context = await browser.newContext({
    viewport: SIZES[look.size],
    colorScheme: look.theme,
    locale: 'en-PH',
    timezoneId: 'Asia/Manila',
    reducedMotion: 'reduce',
  });
  await context.addCookies(cookiesOf(shown, look.language, stage.appUrl));
  const page = await context.newPage();
  await page.goto(stage.appUrl + shown.path, { waitUntil: 'load' });
  await loadPictures(page);
  await page.screenshot({ path: join(FOLDER, file), fullPage: look.size === 'phone' });
  await context.close();
}

/** What loads when it is scrolled to is loaded now. */
async function loadPictures(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.all(
      [...document.images].map((image) => {
        image.loading = 'eager';
        return image.decode().catch(() => undefined);
      }),
    ),
  );
}

async function pictureScene(browser: Browser, stage: Stage, scene: Scene): Promise<void> {
  const shown = await scene.prepare(stage);
  for (const size of ['phone', 'desk'] as const)
    for (const language of LANGUAGES)
      for (const theme of THEMES)
        await picture(browser, stage, `${scene.name}.${language}.${theme}.${size}.png`, shown, {
          language,
          theme,
          size,
        });
  console.log(scene.name);
}

async function pictureSimulator(browser: Browser, stage: Stage): Promise<void> {
  const customer = 'picture-book';
  stage.simulator.maya.saveCustomer({ id: customer, name: 'Maria Santos', balanceCentavos: 500_000 });
  for (const theme of THEMES)
    for (const [size, viewport] of Object.entries(SIZES)) {
      const context = await browser.newContext({ viewport, colorScheme: theme, locale: 'en-PH' });
      const page = await context.newPage();
      await page.goto(`${stage.simulator.url}/?customer=${customer}`);
      await page.screenshot({ path: join(FOLDER, `simulator.${theme}.${size}.png`) });
      await page.getByRole('button', { name: 'Open the shop' }).click();
      await page.frameLocator('iframe').getByRole('heading', { level: 1 }).waitFor();
      await page.screenshot({ path: join(FOLDER, `simulator-open.${theme}.${size}.png`) });
      await context.close();
    }
  console.log('simulator');
}

if (!existsSync('.next/BUILD_ID')) {
  console.error('There is no build to take pictures of. Run: npm run build');
  process.exit(1);
}
const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
if (wanted.length === 0) rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({
  ...findOrInstallBrowser((text) => console.log(text)),
  args: CHROMIUM_ARGS,
});

/** Opens a stage for these scenes, where any of them is wanted. */
async function onStage(
  options: Parameters<typeof openStage>[1],
  names: readonly string[],
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  if (!names.some(isWanted)) return;
  const stage = await openStage('sqlite', { ...options, env: PATIENT });
  try {
    await work(stage);
  } finally {
    await stage.close();
  }
}

try {
  await onStage({}, [...SCENES.map(({ name }) => name), 'simulator'], async (stage) => {
    for (const scene of SCENES) if (isWanted(scene.name)) await pictureScene(browser, stage, scene);
    if (isWanted('simulator')) await pictureSimulator(browser, stage);
  });
  for (const rail of ['page', 'gate'] as const) {
    const scenes = OUTSIDE_SCENES.filter((scene) => scene.rail === rail);
    await onStage(
      { rail },
      scenes.map(({ name }) => name),
      async (stage) => {
        for (const scene of scenes) if (isWanted(scene.name)) await pictureScene(browser, stage, scene);
      },
    );
  }
} finally {
  await browser.close();
}
