import { pause, unsettled } from '../inspect.ts';
import { arriveThenTap } from '../kill-round.ts';
import { type Disturbance, withScene } from './disturbance.ts';

export const TERMINATED = 128 + 15;

/** SIGTERM while executes are on the wire: their answers are recorded before the process ends. */
export const sigterm: Disturbance = {
  name: 'sigterm',
  engines: ['sqlite', 'postgres'],
  round: (stage, number, { crowd }) =>
    withScene(stage, 'sigterm', crowd, async (scene) => {
      stage.simulator.maya.changeSettings({ lateMs: 2_000 });
      const server = await stage.startServer({ MAYA_EXECUTE_TIMEOUT_MS: '8000' });
      const busy = await arriveThenTap(stage, scene.customers, () => 'execute-late', { tokensEnded: false });
      await pause(200 + 150 * (number % 10));
      server.signal('SIGTERM');
      const { code, signal } = await server.gone;
      await Promise.allSettled(busy);
      // Next says with its code which signal it heard.
      if (code !== 0 && code !== TERMINATED) scene.faults.push(`sigterm: it ended with ${code ?? signal}`);
      scene.tally.payments = await unsettled(stage);
      if (scene.tally.payments > 0) {
        scene.tally.wrong += 1;
        scene.faults.push(`sigterm: ${scene.tally.payments} payments were left open`);
      }
      return scene.recover();
    }),
};
