import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../dev/ports.ts';

const SOURCE = 'e2e/bench/baseline';
const NEXT = 'node_modules/next/dist/bin/next';

/** The minimal Next app that ours is measured against, built away from it so that nothing of ours gets in. */
export type Baseline = {
  folder: string;
  start(databaseUrl: string): Promise<{ url: string; stop(): Promise<void> }>;
  remove(): void;
};

export function buildBaseline(): Baseline {
  const folder = mkdtempSync(join(tmpdir(), 'mini-app-baseline-'));
  cpSync(SOURCE, folder, { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const { status, stderr, stdout } = spawnSync(process.execPath, [NEXT, 'build'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  });
  if (status !== 0) throw new Error(`the baseline does not build:\n${stdout}\n${stderr}`);
  return {
    folder,
    start: (databaseUrl) => startBaseline(folder, databaseUrl),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const TRIES = 400;

async function startBaseline(folder: string, databaseUrl: string) {
  const port = await freePort();
  const child: ChildProcess = spawn(process.execPath, [NEXT, 'start', '--port', String(port)], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      BASELINE_DATABASE_URL: databaseUrl,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://localhost:${port}`;
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"accessToken":"x"}',
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      if ((await fetch(`${url}/api/insert`, init)).ok) break;
    } catch (error) {
      if (attempt >= TRIES) throw error;
    }
    await new Promise((done) => setTimeout(done, 25));
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
