import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

const FIXTURE = fileURLToPath(new URL('start.fixture.ts', import.meta.url));

describe('C44: what nobody handles ends the process, for it must not go on with money', () => {
  test.each([
    ['reject', 'process.unhandled_rejection'],
    ['throw', 'process.uncaught_exception'],
  ])('%s: one line of log, without its words, and exit code 1', { timeout: 30_000 }, async (how, event) => {
    const folder = mkdtempSync(join(tmpdir(), 'mini-app-start-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const child = spawn(process.execPath, [FIXTURE, how, 'access.canary-token'], {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'test',
        APP_URL: 'http://localhost:3000',
        SESSION_PASSWORD: 'a password for tests, which is long enough',
        MAYA_MODE: 'simulator',
        MAYA_API_URL: 'http://localhost:4000',
        MAYA_TOKEN_URL: 'http://localhost:4000/oauth/token',
        MAYA_CLIENT_ID: 'test-client',
        MAYA_CLIENT_SECRET: 'test-client-secret',
        MAYA_P2M_ID: 'TEST-P2M',
        DATABASE_URL: `file:${join(folder, 'app.db')}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [[code], out, errors] = await Promise.all([
      once(child, 'exit') as Promise<[number | null]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    expect(code).toBe(1);
    const lines = (out + errors).split('\n').filter((line) => line.includes(`"${event}"`));
    expect(lines).toHaveLength(1);
    expect(out + errors).not.toContain('canary');
  });
});
