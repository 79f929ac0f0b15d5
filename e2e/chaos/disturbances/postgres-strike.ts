import type { RailInterface } from '../../built/outside-run.ts';
import type { BuiltServer } from '../../built/server.ts';
import type { Stage } from '../../built/stage.ts';
import type { Round } from '../aftermath.ts';
import { pause, unsettled } from '../inspect.ts';
import { atTransaction, type Moment } from '../postgres-wire.ts';
import type { Shopper } from '../shopper.ts';
import { type Fate, startTcpProxy, type TcpProxy } from '../tcp-proxy.ts';
import type { Disturbance, DisturbanceOptions, Scene } from './disturbance.ts';

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

/** What happens to the line, and when. */
export type Strike = {
  name: string;
  moment: Moment;
  fate(number: number): Fate;
  /** At once, when the marked bytes are seen. */
  atOnce?(server: BuiltServer): void;
  /** What follows. @returns whether the server still runs */
  afterwards?(proxy: TcpProxy, server: BuiltServer, options: DisturbanceOptions): Promise<'runs' | 'died'>;
};

/** Whom it meets, and how these come to the stops. */
export type Company<S extends Shopper, P extends { marker: string }> = {
  stops: readonly P[];
  rail?: RailInterface;
  env?: Record<string, string>;
  gather(
    stage: Stage,
    name: string,
    crowd: number,
    play: (scene: Scene<S>) => Promise<Round>,
  ): Promise<Round>;
  /** They pay; `ready` is called just before. */
  begin(stage: Stage, customers: S[], stop: P, ready: () => void): Promise<Promise<unknown>[]>;
};

/** Lets it happen to PostgreSQL's line at one stop after the other. */
export const strike = <S extends Shopper, P extends { marker: string }>(
  { name, moment, fate, atOnce, afterwards }: Strike,
  { stops, rail, env, gather, begin }: Company<S, P>,
): Disturbance => ({
  name: rail ? `${rail}/${name}` : name,
  engines: ['postgres'],
  ...(rail ? { rail } : {}),
  round: async (stage, number, options) => {
    const stop = stops[number % stops.length];
    if (!stop) throw new Error('there is no stop');
    const { proxy, url } = await proxied(stage);
    try {
      return await gather(
        stage,
        `${rail ? `${rail}/${name}` : name} at ${stop.marker}`,
        options.crowd,
        async (scene) => {
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
          server = await stage.startServer({ ...env, DATABASE_URL: url });
          const busy = await begin(stage, scene.customers, stop, trap.arm);
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
        },
      );
    } finally {
      await proxy.close();
    }
  },
});

export const outage =
  (mood: 'gone' | 'silent') => async (proxy: TcpProxy, _: BuiltServer, options: DisturbanceOptions) => {
    proxy.setMood(mood);
    await pause(options.outageMs);
    return 'runs' as const;
  };

/** Connections break and new ones are refused. */
export const GONE: Strike = {
  name: 'postgres-gone',
  moment: 'statement',
  fate: () => 'reset',
  afterwards: outage('gone'),
};

/** Done or not, and the process is dead. */
export const KILLED_IN_COMMIT: Strike = {
  name: 'commit-killed',
  moment: 'commit',
  fate: (number) => (number % 2 === 0 ? 'answer-lost' : 'reset'),
  atOnce: (server) => server.signal('SIGKILL'),
  afterwards: async (_proxy, server) => {
    await server.gone;
    return 'died';
  },
};
