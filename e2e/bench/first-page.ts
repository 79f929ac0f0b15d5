import { gzipSync } from 'node:zlib';
import { parse } from 'node-html-parser';
import { type Browser, chromium } from 'playwright';
import { openStage, type Stage } from '../built/stage.ts';
import { cookiesOf, SCENES, type Shown } from '../pictures/scenes.ts';
import { CHROMIUM_ARGS, findOrInstallBrowser } from '../suite/browser.ts';
import type { Baseline } from './baseline-server.ts';
import { median } from './numbers.ts';

/** Slow 3G as Chromium's tools define it, and a processor slowed fourfold: a mid-range phone on a bad day. */
const SLOW_3G = { offline: false, latency: 2_000, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const SLOWDOWN = 4;
const ROUNDS = 5;
const PAGES = ['shop', 'checkout'] as const;

export type FirstPage = {
  name: string;
  /** JavaScript that the page names, compressed. */
  scriptBytes: number;
  scriptRatio: number;
  paintMs: number;
  paintRatio: number;
  /** Whether Pay is there at the first paint, in a form that needs no script. */
  payable: boolean;
};

type Address = { url: string; shown: Shown };

/** What a customer loads before the first page stands, against a minimal Next page with a form. */
export async function measureFirstPages(baselineApp: Baseline, databaseUrl: string): Promise<FirstPage[]> {
  const stage = await openStage('sqlite');
  const baseline = await baselineApp.start(databaseUrl);
  const browser = await chromium.launch({
    ...findOrInstallBrowser((text) => console.log(text)),
    args: CHROMIUM_ARGS,
  });
  try {
    const minimal: Address = { url: baseline.url, shown: { path: '/', cookies: '' } };
    const minimalBytes = await scriptBytes(minimal);
    const results: FirstPage[] = [];
    for (const name of PAGES) {
      const address = { url: stage.appUrl, shown: await prepare(stage, name) };
      const bytes = await scriptBytes(address);
      const paints: { ours: Paint; theirs: Paint }[] = [];
      for (let round = 0; round < ROUNDS; round += 1)
        paints.push({ theirs: await paint(browser, minimal), ours: await paint(browser, address) });
      const ours = median(paints.map((pair) => pair.ours.ms));
      results.push({
        name,
        scriptBytes: bytes,
        scriptRatio: bytes / minimalBytes,
        paintMs: ours,
        paintRatio: ours / median(paints.map((pair) => pair.theirs.ms)),
        payable: name !== 'checkout' || paints.every((pair) => pair.ours.payable),
      });
    }
    return results;
  } finally {
    await browser.close();
    await baseline.stop();
    await stage.close();
  }
}

async function prepare(stage: Stage, name: string): Promise<Shown> {
  const scene = SCENES.find((candidate) => candidate.name === name);
  if (!scene) throw new Error(`no scene ${name}`);
  return scene.prepare(stage);
}

async function scriptBytes({ url, shown }: Address): Promise<number> {
  const html = await (await fetch(url + shown.path, { headers: { cookie: shown.cookies } })).text();
  const sources = new Set(
    parse(html)
      .querySelectorAll('script[src], link[as=script]')
      .filter((element) => !element.hasAttribute('nomodule'))
      .map((element) => element.getAttribute('src') ?? element.getAttribute('href') ?? ''),
  );
  let bytes = 0;
  for (const source of sources) {
    const script = Buffer.from(await (await fetch(new URL(source, url))).arrayBuffer());
    bytes += gzipSync(script, { level: 9 }).length;
  }
  return bytes;
}

type Paint = { ms: number; payable: boolean };

async function paint(browser: Browser, { url, shown }: Address): Promise<Paint> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  await context.addCookies(cookiesOf(shown, 'en', url));
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', SLOW_3G);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await page.goto(url + shown.path, { waitUntil: 'commit' });
  const result = await page.evaluate(
    () =>
      new Promise<Paint>((resolve) => {
        new PerformanceObserver((entries) => {
          const [first] = entries.getEntriesByName('first-contentful-paint');
          if (!first) return;
          const button = document.querySelector('form button');
          resolve({ ms: first.startTime, payable: button !== null });
        }).observe({ type: 'paint', buffered: true });
      }),
  );
  await context.close();
  return result;
}
