import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { migrate } from '#lib/db/migrate.ts';
import { openStore } from '#lib/db/store.ts';
import { appEnvironment, ecommpayEnvironment, simulatorEnvironment } from './environment.ts';
import { passOn } from './next-output.ts';
import { isTaken } from './ports.ts';
import { createProgress } from './progress.ts';
import { readOrMakeSecrets } from './secrets.ts';
import { openEachPage } from './warm-up.ts';

/**
 * `npm run dev`: the mini app and the simulated Maya app together, on SQLite, with nothing to configure. Variables that
 * are set already (PORT, SIMULATOR_PORT, DATABASE_URL, MERCHANT_NAME …) are kept.
 */
const OWN = new Set(['APP_URL', 'PORT', 'MAYA_MODE', 'SIMULATOR_URL', 'MAYA_API_URL', 'MAYA_TOKEN_URL']);

async function main(): Promise<void> {
  const ports = {
    app: Number(process.env.PORT || 3000),
    simulator: Number(process.env.SIMULATOR_PORT || 4000),
  };
  for (const [name, port, variable] of [
    ['The mini app', ports.app, 'PORT'],
    ['The simulator', ports.simulator, 'SIMULATOR_PORT'],
  ] as const) {
    if (await isTaken(port)) {
      console.error(
        `${name} needs port ${port}, but something else is using it.\n` +
          `Stop that, or choose another port: ${variable}=${port + 1} npm run dev`,
      );
      process.exit(1);
    }
  }

  const secrets = await readOrMakeSecrets('.data/dev-secrets.json');
  const app = merge({ ...appEnvironment(secrets, ports), ...ecommpayEnvironment(secrets, ports) });
  const store = openStore(app.DATABASE_URL ?? 'file:.data/app.db');
  await migrate(store);
  await store.close();

  const children: ChildProcess[] = [];
  let stopping = false;
  const stop = (code: number) => {
    if (stopping) return;
    stopping = true;
    for (const child of children) child.kill('SIGTERM');
    setTimeout(() => process.exit(code), 5_000).unref();
    void Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit'))).then(
      () => process.exit(code),
    );
  };
  const start = (args: string[], env: NodeJS.ProcessEnv, output: 'inherit' | 'pipe') => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', output, 'inherit'] });
    child.once('exit', () => stop(1));
    children.push(child);
    return child;
  };
  process.once('SIGINT', () => stop(0));
  process.once('SIGTERM', () => stop(0));

  console.log(
    '\n  Starting, and compiling the pages. The first time this takes about half a minute: wait for Ready.\n',
  );
  const progress = createProgress(process.stdout);
  let ready = false;
  start(['e2e/simulator/run.ts'], { ...process.env, ...simulatorEnvironment(secrets, ports) }, 'inherit');
  // Next writes into a pipe, and would leave its colours out.
  const colours = process.stdout.isTTY && process.stdout.hasColors() ? { FORCE_COLOR: '1' } : {};
  const next = start(
    ['node_modules/next/dist/bin/next', 'dev', '--port', String(ports.app)],
    { ...colours, ...app },
    'pipe',
  );
  if (next.stdout) passOn(next.stdout, () => ready, progress.write);
  if (!(await answers(`http://localhost:${ports.app}/api/health`, () => stopping))) return;
  await openEachPage(`http://localhost:${ports.app}`, progress.show);
  ready = true;
  if (!stopping)
    progress.write(
      `\n  Ready. Open the phone and tap the shop's tile:\n\n    http://localhost:${ports.simulator}\n\n  Ctrl-C stops both.\n`,
    );
}

function merge(own: Record<string, string>): NodeJS.ProcessEnv {
  const merged: NodeJS.ProcessEnv = { ...own, ...process.env };
  for (const name of OWN) if (own[name] !== undefined) merged[name] = own[name];
  return merged;
}

async function answers(url: string, givenUp: () => boolean): Promise<boolean> {
  while (!givenUp()) {
    try {
      if ((await fetch(url)).ok) return true;
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

await main();
