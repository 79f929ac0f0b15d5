import { pathToFileURL } from 'node:url';
import type { Customer } from '../customer.ts';
import { pause } from '../inspect.ts';
import { arriveThenTap } from '../kill-round.ts';
import { type Disturbance, withScene } from './disturbance.ts';

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
      await Promise.allSettled(busy);
      server.signal('SIGUSR2');
      if (refused === 0) scene.tally.missed = 1;
      if (!server.output.join('\n').includes('ERR_SQLITE_ERROR') && refused === 0) scene.tally.kills = 0;
      return scene.finish();
    }),
};

/** So many that their rows do not all fit into what room a page of the store still has. */
const KNOCKING = 8;

const SCENARIOS = ['approved', 'execute-500-charged', 'approved', 'execute-reset-charged'] as const;

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
