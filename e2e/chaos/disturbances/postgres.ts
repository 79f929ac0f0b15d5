import type { Stage } from '../../built/stage.ts';
import type { ScenarioName } from '../../simulator/maya/scenarios/catalogue.ts';
import { pause, unsettled } from '../inspect.ts';
import { arriveThenTap } from '../kill-round.ts';
import { atTransaction } from '../postgres-wire.ts';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts';
import { type Disturbance, withScene } from './disturbance.ts';

/** A moment in a payment's life, by what its transaction carries. */
type Stop = { marker: string; scenario: ScenarioName; tokensEnded?: boolean };

const STOPS: readonly Stop[] = [
  { marker: 'insert into "payments"', scenario: 'approved' },
  { marker: 'execute_attempt:1', scenario: 'approved' },
  { marker: 'execute_answer:1', scenario: 'approved' },
  { marker: 'create_attempt:2', scenario: 'create-500' },
  { marker: 'execute_attempt:2', scenario: 'execute-reset-charged' },
  { marker: 'execute_answer:2', scenario: 'execute-500-charged' },
  { marker: 'set "sealed_tokens"', scenario: 'approved', tokensEnded: true },
  { marker: '"refresh_reference"', scenario: 'approved', tokensEnded: true },
  { marker: 'set "delivered_at"', scenario: 'approved' },
];

const HAPPENS_WITHIN_MS = 20_000;

/** PostgreSQL behind a proxy, for the app only; whoever looks from outside has a line of his own. */
async function proxied(stage: Stage): Promise<{ proxy: TcpProxy; url: string }> {
  const direct = new URL(stage.databaseUrl);
  const proxy = await startTcpProxy({ host: direct.hostname, port: Number(direct.port || 5432) });
  const url = new URL(direct);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return { proxy, url: url.href };
}

type Strike = (proxy: TcpProxy, stop: Stop, happened: () => void) => void;

function disturbance(name: string, strike: Strike, outage: 'none' | 'gone' | 'silent'): Disturbance {
  return {
    name,
    engines: ['postgres'],
    round: async (stage, number, { crowd, outageMs }) => {
      const stop = STOPS[number % STOPS.length] ?? {
        marker: 'execute_answer:1',
        scenario: 'approved' as const,
      };
      const { proxy, url } = await proxied(stage);
      try {
        return await withScene(stage, `${name} at ${stop.marker}`, crowd, async (scene) => {
          await stage.startServer({ DATABASE_URL: url });
          let happen = () => {};
          const happened = new Promise<boolean>((resolve) => {
            happen = () => resolve(true);
          });
          strike(proxy, stop, () => happen());
          const busy = await arriveThenTap(stage, scene.customers, () => stop.scenario, {
            tokensEnded: stop.tokensEnded ?? false,
          });
          if (!(await Promise.race([happened, pause(HAPPENS_WITHIN_MS).then(() => false)]))) {
            scene.tally.kills = 0;
            scene.tally.missed = 1;
          } else if (outage !== 'none') {
            proxy.setMood(outage);
            await pause(outageMs);
            scene.tally.payments = await unsettled(stage);
            proxy.setMood('open');
          }
          await Promise.allSettled(busy);
          return scene.finish();
        });
      } finally {
        await proxy.close();
      }
    },
  };
}

/** The commit is done, and its answer is lost. */
export const commitLost = disturbance(
  'commit-lost',
  (proxy, { marker }, happened) => proxy.watch(atTransaction(marker, 'commit', 'answer-lost', happened)),
  'none',
);

/** PostgreSQL cannot be reached: connections break and new ones are refused. */
export const postgresGone = disturbance(
  'postgres-gone',
  (proxy, { marker }, happened) => proxy.watch(atTransaction(marker, 'statement', 'reset', happened)),
  'gone',
);

/** The network drops everything between the app and PostgreSQL, without a word to either. */
export const postgresSilent = disturbance(
  'postgres-silent',
  (proxy, { marker }, happened) => proxy.watch(atTransaction(marker, 'statement', 'pass', happened)),
  'silent',
);

/** The process dies in the middle of a commit, which PostgreSQL may have done or not. */
export const commitKilled: Disturbance = {
  name: 'commit-killed',
  engines: ['postgres'],
  round: async (stage, number, { crowd }) => {
    const stop = STOPS[number % STOPS.length] ?? {
      marker: 'execute_answer:1',
      scenario: 'approved' as const,
    };
    const arrives = number % 2 === 0;
    const { proxy, url } = await proxied(stage);
    try {
      return await withScene(stage, `commit-killed at ${stop.marker}`, crowd, async (scene) => {
        const server = await stage.startServer({ DATABASE_URL: url });
        proxy.watch(
          atTransaction(stop.marker, 'commit', arrives ? 'answer-lost' : 'reset', () =>
            server.signal('SIGKILL'),
          ),
        );
        const busy = await arriveThenTap(stage, scene.customers, () => stop.scenario, {
          tokensEnded: stop.tokensEnded ?? false,
        });
        const died = await Promise.race([
          server.gone.then(() => true),
          pause(HAPPENS_WITHIN_MS).then(() => false),
        ]);
        await Promise.allSettled(busy);
        scene.tally.payments = await unsettled(stage);
        if (!died) {
          await server.kill();
          scene.tally.kills = 0;
          scene.tally.missed = 1;
        }
        return scene.recover();
      });
    } finally {
      await proxy.close();
    }
  },
};
