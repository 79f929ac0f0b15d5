import type { BuiltServer } from '../../built/server.ts';
import type { Stage } from '../../built/stage.ts';
import type { ScenarioName } from '../../simulator/maya/scenarios/catalogue.ts';
import { pause, unsettled } from '../inspect.ts';
import { arriveThenTap } from '../kill-round.ts';
import { atTransaction, type Moment } from '../postgres-wire.ts';
import { type Fate, startTcpProxy, type TcpProxy } from '../tcp-proxy.ts';
import { type Disturbance, type DisturbanceOptions, withScene } from './disturbance.ts';

/** A moment in a payment's life, by what its transaction carries, or its only statement. */
type Stop = { marker: string; scenario: ScenarioName; tokensEnded?: boolean };

const TRANSACTIONS: readonly Stop[] = [
  { marker: 'insert into "payments"', scenario: 'approved' },
  { marker: 'execute_attempt:1', scenario: 'approved' },
  { marker: 'execute_answer:1', scenario: 'approved' },
  { marker: 'create_attempt:2', scenario: 'create-500' },
  { marker: 'execute_attempt:2', scenario: 'execute-reset-charged' },
  { marker: 'execute_answer:2', scenario: 'execute-500-charged' },
];
const ALL: readonly Stop[] = [
  ...TRANSACTIONS,
  { marker: 'set "sealed_tokens" = $1, "generation"', scenario: 'approved', tokensEnded: true },
  { marker: 'set "refresh_reference"', scenario: 'approved', tokensEnded: true },
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

type Strike = {
  name: string;
  stops: readonly Stop[];
  moment: Moment;
  fate(number: number): Fate;
  /** At once, when the marked bytes are seen. */
  atOnce?(server: BuiltServer): void;
  /** What follows. @returns whether the server still runs */
  afterwards?(proxy: TcpProxy, server: BuiltServer, options: DisturbanceOptions): Promise<'runs' | 'died'>;
};

const disturbance = ({ name, stops, moment, fate, atOnce, afterwards }: Strike): Disturbance => ({
  name,
  engines: ['postgres'],
  round: async (stage, number, options) => {
    const stop = stops[number % stops.length] ?? { marker: '', scenario: 'approved' };
    const { proxy, url } = await proxied(stage);
    try {
      return await withScene(stage, `${name} at ${stop.marker}`, options.crowd, async (scene) => {
        let happen = (_happened: boolean) => {};
        const happened = new Promise<boolean>((resolve) => {
          happen = resolve;
        });
        let server: BuiltServer | undefined;
        const trap = atTransaction(stop.marker, moment, fate(number), () => {
          if (server) atOnce?.(server);
          happen(true);
        });
        proxy.watch(trap.watch);
        server = await stage.startServer({ DATABASE_URL: url });
        const busy = await arriveThenTap(stage, scene.customers, () => stop.scenario, {
          tokensEnded: stop.tokensEnded ?? false,
          ready: trap.arm,
        });
        let end: 'runs' | 'died' = 'runs';
        if (await Promise.race([happened, pause(HAPPENS_WITHIN_MS).then(() => false)])) {
          end = (await afterwards?.(proxy, server, options)) ?? 'runs';
          scene.tally.payments = await unsettled(stage);
          proxy.setMood('open');
        } else {
          scene.tally.kills = 0;
          scene.tally.missed = 1;
        }
        await Promise.allSettled(busy);
        return end === 'died' ? scene.recover() : scene.finish();
      });
    } finally {
      await proxy.close();
    }
  },
});

const outage =
  (mood: 'gone' | 'silent') => async (proxy: TcpProxy, _: BuiltServer, options: DisturbanceOptions) => {
    proxy.setMood(mood);
    await pause(options.outageMs);
    return 'runs' as const;
  };

/** The commit is done, and its answer is lost. */
export const commitLost = disturbance({
  name: 'commit-lost',
  stops: TRANSACTIONS,
  moment: 'commit',
  fate: () => 'answer-lost',
});

/** The process dies in the middle of a commit, which PostgreSQL has done or not. */
export const commitKilled = disturbance({
  name: 'commit-killed',
  stops: TRANSACTIONS,
  moment: 'commit',
  fate: (number) => (number % 2 === 0 ? 'answer-lost' : 'reset'),
  atOnce: (server) => server.signal('SIGKILL'),
  afterwards: async (_proxy, server) => {
    await server.gone;
    return 'died';
  },
});

/** PostgreSQL cannot be reached: connections break and new ones are refused. */
export const postgresGone = disturbance({
  name: 'postgres-gone',
  stops: ALL,
  moment: 'statement',
  fate: () => 'reset',
  afterwards: outage('gone'),
});

/** The network drops everything between the app and PostgreSQL, without a word to either. */
export const postgresSilent = disturbance({
  name: 'postgres-silent',
  stops: ALL,
  moment: 'statement',
  fate: () => 'pass',
  afterwards: outage('silent'),
});
