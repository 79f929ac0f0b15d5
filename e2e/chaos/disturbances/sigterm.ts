import { get } from 'node:http';
import type { BuiltServer } from '../../built/server.ts';
import type { Stage } from '../../built/stage.ts';
import { pause, unsettled } from '../inspect.ts';
import { arriveThenTap } from '../kill-round.ts';
import { type Disturbance, withScene } from './disturbance.ts';

export const TERMINATED = 128 + 15;

const LATE_MS = 2_000;
const ON_THE_WIRE_WITHIN_MS = 10_000;
const CLOSED_WITHIN_MS = 1_000;
const LOOK_EVERY_MS = 5;

/** SIGTERM while executes are on the wire: their answers are recorded before the process ends, and nobody new is let in. */
export const sigterm: Disturbance = {
  name: 'sigterm',
  engines: ['sqlite', 'postgres'],
  round: (stage, number, { crowd }) =>
    withScene(stage, 'sigterm', crowd, async (scene) => {
      stage.simulator.maya.changeSettings({ lateMs: LATE_MS });
      const server = await stage.startServer({ MAYA_EXECUTE_TIMEOUT_MS: '8000' });
      const busy = await arriveThenTap(stage, scene.customers, () => 'execute-late', { tokensEnded: false });
      await within(ON_THE_WIRE_WITHIN_MS, () => isExecuting(stage));
      await pause(150 * (number % 10));
      if (!isExecuting(stage)) {
        scene.tally.kills = 0;
        scene.tally.missed = 1;
      }
      server.signal('SIGTERM');
      const wrong = (fault: string) => {
        scene.tally.wrong += 1;
        scene.faults.push(`sigterm: ${fault}`);
      };
      if (!(await within(CLOSED_WITHIN_MS, () => letsNobodyIn(server)))) wrong('it went on taking requests');
      const { code, signal } = await server.gone;
      await Promise.allSettled(busy);
      // Next says with its code which signal it heard.
      if (code !== 0 && code !== TERMINATED) wrong(`it ended with ${code ?? signal}`);
      scene.tally.payments = await unsettled(stage);
      if (scene.tally.payments > 0) wrong(`${scene.tally.payments} payments were left open`);
      return scene.recover();
    }),
};

/** Whether an execute of this moment waits for its answer. */
const isExecuting = ({ simulator }: Stage) =>
  simulator.maya.log().some(({ call, tookMs }) => call === 'execute' && tookMs === null);

/** Whether a new connection is refused, or told that the process is not there for it. */
const letsNobodyIn = ({ url }: BuiltServer) =>
  new Promise<boolean>((resolve) => {
    const asked = get(`${url}/api/ready`, { agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 503);
    });
    asked.once('error', () => resolve(true));
  });

/** @returns whether it came to be in time */
async function within(ms: number, look: () => boolean | Promise<boolean>): Promise<boolean> {
  const until = performance.now() + ms;
  while (!(await look())) {
    if (performance.now() > until) return false;
    await pause(LOOK_EVERY_MS);
  }
  return true;
}
