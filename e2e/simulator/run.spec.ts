import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { listenOnLoopback } from './http/listen.ts';

const NODE = path.join(import.meta.dirname, '../../node_modules/.bin/node');
const PROGRAM = path.join(import.meta.dirname, 'run.ts');

/** Nothing of the machine's own settings: empty counts as unset. */
const unset = {
  MAYA_CLIENT_ID: '',
  MAYA_CLIENT_SECRET: '',
  MAYA_P2M_ID: '',
  ECOMMPAY_PROJECT_ID: '',
  SIMULATOR_PORT: '',
  APP_URL: '',
};
const needed = { MAYA_CLIENT_ID: 'id', MAYA_CLIENT_SECRET: 'secret', MAYA_P2M_ID: 'p2m' };

/** Runs the program; `stopOn` is the signal it gets once it has said something on standard output. */
const run = (variables: Record<string, string>, stopOn?: NodeJS.Signals) =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(NODE, [PROGRAM], { env: { ...process.env, ...unset, ...variables } });
    let out = '';
    let err = '';
    child.stdout.on('data', (text) => {
      out += text;
      if (stopOn) child.kill(stopOn);
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    child.once('close', (code) => resolve({ code, out, err }));
  });

describe('npm run simulator', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('says where it listens, and stops on %s', async (signal) => {
    const { code, out, err } = await run({ ...needed, SIMULATOR_PORT: '0' }, signal);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^The simulator listens on http:\/\/localhost:\d+, for the app at .*\n$/);
  });

  test('says so when the port is taken', async () => {
    const { port, close } = await listenOnLoopback(0, () => undefined);
    const { code, out, err } = await run({ ...needed, SIMULATOR_PORT: String(port) });
    await close();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(
      `Port ${port} is taken. Stop the other program, or choose another port: SIMULATOR_PORT=${port + 1} npm run simulator\n`,
    );
  });

  test('names what is missing', async () => {
    const { code, err } = await run({ MAYA_CLIENT_ID: 'id' });
    expect(code).toBe(1);
    expect(err).toContain('MAYA_CLIENT_SECRET is missing');
    expect(err).toContain('MAYA_P2M_ID is missing');
    expect(err).not.toContain('MAYA_CLIENT_ID');
  });
});
