import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Makes the production build, unless it is said to be there. */
export function buildApp(isBuilt: boolean): void {
  if (!isBuilt) {
    console.log('Building the app …');
    spawnSync(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    });
  }
  if (!existsSync('.next/BUILD_ID')) throw new Error('There is no production build: run "npm run build".');
}
