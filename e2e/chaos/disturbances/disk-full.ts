import { pathToFileURL } from 'node:url';
import type { BuiltServer } from '../../built/server.ts';
import type { Customer } from '../customer.ts';
import { pause } from '../inspect.ts';
import { arriveThenTap } from '../kill-round.ts';
import { type Disturbance, type Scene, withScene } from './disturbance.ts';

const PRELOAD = pathToFileURL('e2e/chaos/full-disk.ts').href;

/** The disk is full under SQLite while customers arrive and pay, and has room again later. */
export const diskFull: Disturbance = {
  name: 'disk-full',
  engines: ['sqlite'],
  round: (stage, number, { crowd, outageMs }) =>
    withScene(stage, 'disk-full', crowd + Math.max(crowd, KNOCKING), async (scene) => {
      const server = await stage.startServer({ NODE_OPTIONS: `--import=${PRELOAD}` });
      const early = scene.customers.slice(0, crowd);
      const late = scene.customers.slice(crowd);
      const busy = await arriveThenTap(
        stage,
        early,
        (index) => SCENARIOS[(number + index) % SCENARIOS.length],
        {
          tokensEnded: false,
        },
      );
      await pause(40 * (number % 10));
      server.signal('SIGUSR2');
      const refused = await knock(late, outageMs);
      const red = refused === 0 ? null : await readyCode(server);
      await Promise.allSettled(busy);
      server.signal('SIGUSR2');
      if (refused === 0) scene.tally.missed = 1;
      else if (red !== 'store_not_writable') wrong(scene, `it was ready while the disk was full: ${red}`);
      if (!(await becomes(server, null, GREEN_WITHIN_MS)))
        wrong(scene, 'it stayed not ready with room on the disk');
      if (!server.output.join('\n').includes('ERR_SQLITE_ERROR') && refused === 0) scene.tally.kills = 0;
      return scene.finish();
    }),
};

/** So many that their rows do not all fit into what room a page of the store still has. */
const KNOCKING = 8;

const SCENARIOS = ['approved', 'execute-500-charged', 'approved', 'execute-reset-charged'] as const;

/** Longer than a refused write counts. */
const GREEN_WITHIN_MS = 10_000;

function wrong(scene: Scene, fault: string): void {
  scene.tally.wrong += 1;
  scene.faults.push(`disk-full: ${fault}`);
}

/** Why it is not ready; `null` where it is. */
async function readyCode({ url }: BuiltServer): Promise<string | null> {
  const answer = (await (await fetch(`${url}/api/ready`)).json()) as { code?: string };
  return answer.code ?? null;
}

async function becomes(server: BuiltServer, code: string | null, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while ((await readyCode(server)) !== code) {
    if (performance.now() > until) return false;
    await pause(200);
  }
  return true;
}

/** Customers tap the tile for as long as the disk is full. @returns how often that failed */
async function knock(customers: readonly Customer[], outageMs: number): Promise<number> {
  const until = performance.now() + outageMs;
  let refused = 0;
  await Promise.all(
    customers.map(async (customer) => {
      while (performance.now() < until && customer.order === undefined) {
        try {
          await customer.arrive();
          await customer.tap();
        } catch {
          refused += 1;
          await pause(100);
        }
      }
    }),
  );
  return refused;
}
