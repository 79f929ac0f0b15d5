import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { freePort } from '../dev/ports.ts';

/** A server process of the production build. */
export type BuiltServer = {
  url: string;
  port: number;
  pid: number;
  /** Everything it printed, both streams. */
  output: string[];
  /** Resolves when the process is gone, however. */
  gone: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Sends a signal and does not wait. */
  signal(signal: NodeJS.Signals): void;
  /** Kills it where it still lives, also one that stands still. */
  end(): Promise<void>;
};

const READY_WITHIN_MS = 30_000;

/**
 * Starts `next start` on a free port.
 *
 * @param env the app's variables; `APP_URL` and `PORT` are filled in where they are absent
 */
export async function startBuilt(
  env: Record<string, string>,
  options: { port?: number; until?: 'ready' | 'healthy' | 'gone' } = {},
): Promise<BuiltServer> {
  if (!existsSync('.next/BUILD_ID'))
    throw new Error('There is no production build: run "npm run build" first.');
  const port = options.port ?? (await freePort());
  const url = `http://localhost:${port}`;
  const child: ChildProcess = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'start'], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      APP_URL: url,
      ...env,
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on('line', (line) => output.push(line));
  const gone = once(child, 'exit').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  const server: BuiltServer = {
    url,
    port,
    pid: child.pid ?? 0,
    output,
    gone,
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await gone;
    },
    signal: (signal) => void child.kill(signal),
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await gone;
    },
  };
  if (options.until !== 'gone')
    await answers(server, options.until === 'healthy' ? '/api/health' : '/api/ready');
  return server;
}

async function answers(server: BuiltServer, path: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  let dead = false;
  void server.gone.then(() => {
    dead = true;
  });
  while (Date.now() < until && !dead) {
    try {
      if ((await fetch(server.url + path)).ok) return;
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await server.kill();
  throw new Error(`the server did not become ready:\n${server.output.join('\n')}`);
}
