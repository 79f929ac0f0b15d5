import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

/** What Chromium needs on a server, as root, without a way out to the internet. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's packages. The shell has no windows to draw, and needs two thirds of the time. */
const DEBIAN_PACKAGES = ['chromium-headless-shell', 'chromium'];

/** What to launch: a path, or nothing for Playwright's own, whose headless launches take its own shell. */
export type Browser = { executablePath?: string };

/** A browser that is here already: the one in CHROMIUM_PATH, Playwright's own, Debian's. */
export function findBrowser(): Browser | null {
  const named = process.env.CHROMIUM_PATH;
  if (named && existsSync(named)) return { executablePath: named };
  if (existsSync(chromium.executablePath())) return {};
  const debian = DEBIAN_PACKAGES.map((name) => `/usr/bin/${name}`).find((path) => existsSync(path));
  return debian ? { executablePath: debian } : null;
}

/**
 * A browser for the stories, installed first where there is none, and said so.
 *
 * @throws where none can be had, with what to do
 */
export function findOrInstallBrowser(say: (text: string) => void): Browser {
  const found = findBrowser();
  if (found) return found;
  say('No browser here: installing Chromium with "playwright install chromium" …');
  spawnSync(process.execPath, ['node_modules/playwright/cli.js', 'install', 'chromium'], {
    stdio: 'inherit',
  });
  if (!findBrowser() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say("That did not work: installing Debian's package instead …");
    const quiet = { stdio: 'inherit' as const, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update'], quiet);
    for (const name of DEBIAN_PACKAGES)
      if (!findBrowser()) spawnSync('apt-get', ['install', '-y', name], quiet);
  }
  const installed = findBrowser();
  if (!installed)
    throw new Error(
      'No browser could be installed. Install Chromium and name it: CHROMIUM_PATH=/path/to/chromium npm test',
    );
  return installed;
}
