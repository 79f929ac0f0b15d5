import type { RailInterface } from '../../built/outside-run.ts';
import type { Stage } from '../../built/stage.ts';
import { pause, unsettled } from '../inspect.ts';
import { OUTSIDE_TIMES } from '../outside-points.ts';
import { arriveThenPay } from '../visitor.ts';
import { type Disturbance, withVisitors } from './disturbance.ts';
import { TERMINATED } from './sigterm.ts';

const CALLED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 2;

/** SIGTERM while callbacks come in: what was answered 200 is on record, and the others are delivered again. */
const outsideSigterm = (through: RailInterface): Disturbance => ({
  name: `${through}/sigterm`,
  engines: ['sqlite', 'postgres'],
  rail: through,
  round: (stage, number, { crowd }) =>
    withVisitors(stage, `${through} sigterm`, crowd, async (scene) => {
      const before = callbacks(stage);
      const server = await stage.startServer(OUTSIDE_TIMES);
      const busy = await arriveThenPay(scene.customers, () => 'success', { lingersMs: 0 });
      const until = performance.now() + CALLED_WITHIN_MS;
      const wanted = before + 1 + (number % crowd);
      while (callbacks(stage) < wanted && performance.now() < until) await pause(LOOK_EVERY_MS);
      if (callbacks(stage) < wanted) {
        scene.tally.kills = 0;
        scene.tally.missed = 1;
      }
      server.signal('SIGTERM');
      const { code, signal } = await server.gone;
      await Promise.allSettled(busy);
      if (code !== 0 && code !== TERMINATED) {
        scene.tally.wrong += 1;
        scene.faults.push(`${through} sigterm: it ended with ${code ?? signal}`);
      }
      scene.tally.payments = await unsettled(stage);
      return scene.recover();
    }),
});

/** How many were sent so far, answered or not. */
const callbacks = ({ simulator }: Stage): number =>
  simulator.ecommpay.callbacks().filter(({ attempts }) => attempts > 0).length;

export const pageSigterm = outsideSigterm('page');
export const gateSigterm = outsideSigterm('gate');
