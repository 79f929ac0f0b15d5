import type { FaultPoint } from '#lib/base/fault-points.ts';
import { pause, unsettled, unsettledIds, untilNone } from '../inspect.ts';
import { OUTSIDE_POINTS, OUTSIDE_TIMES } from '../outside-points.ts';
import { ECOMMPAY } from '../rails.ts';
import { arriveThenPay } from '../visitor.ts';
import { type Disturbance, withVisitors } from './disturbance.ts';
import { ALONE, FROZEN_WITHIN_MS, isStopped, recordedBy, SETTLED_WITHIN_MS } from './zombie.ts';

/** Where it stands still, one after the other. */
const POINTS: readonly FaultPoint[] = [
  'status.answered',
  'sale.recorded',
  'callback.received',
  'sale.answered',
  'settle.leased',
  'status.asked',
  'callback.saved',
  'status.saved',
];

/** As patient as in life, so that an answer that came while it stood still is still waited for. */
const PATIENT = { ...OUTSIDE_TIMES, ECOMMPAY_TIMEOUT_MS: '30000' };

/** A request that it had on record when it froze, and sends when it wakes: meanwhile the other one sent the same. */
const SENT_TWICE = ['payment-id-reused'];

/**
 * A process stands still past its lease (SIGSTOP) while a Gate sale is sent, its callbacks come or its status is asked;
 * another one finds out, and the first goes on (SIGCONT): what it knows is kept, and it makes no request of its own.
 */
export const gateZombie: Disturbance = {
  name: 'gate/zombie',
  engines: ['sqlite', 'postgres'],
  rail: 'gate',
  round: (stage, number, { crowd }) => {
    const point = POINTS[number % POINTS.length] ?? 'status.answered';
    const how = OUTSIDE_POINTS.find((one) => one.through === 'gate' && one.point === point);
    const size = stage.store.engine === 'sqlite' ? ALONE : crowd;
    return withVisitors(stage, `gate zombie at ${point}`, size, async (scene) => {
      const sleeper = await stage.startServer({ ...PATIENT, FAULT_POINT: `${point}:1:freeze` });
      const scenarios = how?.scenarios ?? ['success'];
      const busy = await arriveThenPay(scene.customers, (index) => scenarios[index % scenarios.length], {
        lingersMs: how?.lingersMs ?? 0,
      });
      const all = Promise.allSettled(busy);
      if ((await untilNone(async () => (isStopped(sleeper.pid) ? 0 : 1), FROZEN_WITHIN_MS)) === null) {
        await all;
        scene.tally.kills = 0;
        scene.tally.missed = 1;
        return scene.finish();
      }
      const left = await unsettledIds(stage);
      scene.tally.payments = left.length;
      await stage.startServer(PATIENT);
      const settled = await untilNone(() => ECOMMPAY.owed(stage), SETTLED_WITHIN_MS);
      if (settled === null) {
        scene.tally.stuck += await unsettled(stage);
        scene.faults.push(`gate zombie at ${point}: the other process did not settle`);
      }
      const before = await recordedBy(stage, sleeper.pid, 'sale_attempt', left);
      sleeper.signal('SIGCONT');
      await all;
      // Whatever it still does, it does within its own turn of a lease.
      await pause(2_000);
      const sent = (await recordedBy(stage, sleeper.pid, 'sale_attempt', left)) - before;
      if (settled !== null && sent > 0) {
        scene.tally.wrong += 1;
        scene.faults.push(`gate zombie at ${point}: it recorded ${sent} requests after it woke up`);
      }
      return scene.finish(point === 'sale.recorded' ? SENT_TWICE : []);
    });
  },
};
