import { execFileSync } from 'node:child_process';
import type { FaultPoint } from '#lib/base/fault-points.ts';
import type { Stage } from '../../built/stage.ts';
import { CRASH_POINTS } from '../crash-points.ts';
import { pause, unsettled, unsettledIds, untilNone } from '../inspect.ts';
import { arriveThenTap } from '../kill-round.ts';
import { MAYA } from '../rails.ts';
import { type Disturbance, withScene } from './disturbance.ts';

/** Where it stands still, one after the other. */
const POINTS: readonly FaultPoint[] = [
  'execute.answered',
  'settle.ready',
  'execute.recorded',
  'create.answered',
  'settle.recorded',
  'pay.opened',
  'settle.leased',
  'settle.answered',
  'refresh.answered',
];

export const FROZEN_WITHIN_MS = 20_000;
export const SETTLED_WITHIN_MS = 20_000;

/** On SQLite a process that stands still inside a transaction holds the store; so only one customer is there. */
export const ALONE = 1;

/**
 * A process stands still past its lease (SIGSTOP), another one settles, and the first goes on (SIGCONT): its answer is
 * kept, and it makes no attempt of its own any more.
 */
export const zombie: Disturbance = {
  name: 'zombie',
  engines: ['sqlite', 'postgres'],
  round: (stage, number, { crowd }) => {
    const point = POINTS[number % POINTS.length] ?? 'execute.answered';
    const { scenarios, tokensEnded } = CRASH_POINTS.find((candidate) => candidate.point === point) ?? {
      scenarios: [],
      tokensEnded: false,
    };
    const size = stage.store.engine === 'sqlite' ? ALONE : crowd;
    return withScene(stage, `zombie at ${point}`, size, async (scene) => {
      const sleeper = await stage.startServer({ FAULT_POINT: `${point}:1:freeze`, ...PATIENT });
      const busy = await arriveThenTap(
        stage,
        scene.customers,
        (index) => scenarios[index % scenarios.length],
        {
          tokensEnded,
        },
      );
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
      const settled = await untilNone(() => unsettled(stage), SETTLED_WITHIN_MS);
      if (settled === null) {
        scene.tally.stuck += await unsettled(stage);
        scene.faults.push(`zombie at ${point}: the other process did not settle`);
      }
      const before = await recordedBy(stage, sleeper.pid, 'execute_attempt', left);
      sleeper.signal('SIGCONT');
      await all;
      // Whatever it still does, it does within its own turn of a lease.
      await pause(2_000);
      const sent = (await recordedBy(stage, sleeper.pid, 'execute_attempt', left)) - before;
      if (settled !== null && sent > 0) {
        scene.tally.wrong += 1;
        scene.faults.push(`zombie at ${point}: it recorded ${sent} attempts after it woke up`);
      }
      // What it had on the wire when it froze stays open there while the other process asks.
      return scene.finish([...MAYA.tolerated, 'executes-overlapping']);
    });
  },
};

/** As patient as in life, so that an answer that came while it stood still is still waited for. */
const PATIENT = { MAYA_EXECUTE_TIMEOUT_MS: '60000', MAYA_TIMEOUT_MS: '20000' };

/** How many events of a kind this process has recorded for these payments. */
export async function recordedBy(
  stage: Stage,
  pid: number,
  kind: string,
  payments: readonly string[],
): Promise<number> {
  if (payments.length === 0) return 0;
  const rows = await stage.store.db
    .selectFrom('payment_events')
    .select('number')
    .where('kind', '=', kind)
    .where('recorded_by', 'like', `${pid}-%`)
    .where('payment_id', 'in', payments)
    .execute();
  return rows.length;
}

export function isStopped(pid: number): boolean {
  return execFileSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .startsWith('T');
}
