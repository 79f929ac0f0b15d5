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

const DEBIAN_CHROMIUM = '/usr/bin/chromium';

/** A browser that is here already: Playwright's own, the one in CHROMIUM_PATH, Debian's. */
export function findBrowser(): string | null {
  const candidates = [process.env.CHROMIUM_PATH, chromium.executablePath(), DEBIAN_CHROMIUM];
  return (
    candidates.find((path): path is string => path !== undefined && path !== '' && existsSync(path)) ?? null
  );
}

/**
 * A browser for the stories, installed first where there is none, and said so.
 *
 * @throws where none can be had, with what to do
 */
export function findOrInstallBrowser(say: (text: string) => void): string {
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
    spawnSync('apt-get', ['install', '-y', 'chromium'], quiet);
  }
  const installed = findBrowser();
  if (!installed)
    throw new Error(
      'No browser could be installed. Install Chromium and name it: CHROMIUM_PATH=/path/to/chromium npm test',
    );
  return installed;
}
