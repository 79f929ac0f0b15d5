import { createLog } from '#lib/base/log.ts';
import { buildRuntime } from '#lib/runtime/build.ts';
import { pause } from './inspect.ts';
import { PayoutFleet } from './payout-fleet.ts';
import type { Kills, Sending } from './payout-run.ts';
import { actAsStaff, openCount } from './payout-staff.ts';

const GIVE_UP_MS = 1_200_000;
const LOOK_EVERY_MS = 250;

/**
 * Processes of their own on a real store, killed by SIGKILL: two servers, which take callbacks and sweep, and the command
 * `payouts send` as staff runs it, again and again until all is sent. Half of the kills come at a random moment, half
 * when a process passes a named point for the n-th time.
 */
export async function sendInProcesses(run: Sending): Promise<Kills> {
  const fleet = new PayoutFleet(run);
  run.stage.hear((body) => fleet.answer(body));
  // Staff's other acts; nobody kills those.
  const staff = await buildRuntime(run.stage.settings, {
    store: run.watch,
    log: createLog(() => {}, Date.now),
  });
  const over = new AbortController();
  const killing = fleet.killNowAndThen(over.signal);
  try {
    await fleet.start();
    for (const until = Date.now() + GIVE_UP_MS; Date.now() < until; ) {
      const { open, ready } = await openCount(run.watch);
      if (open === 0) break;
      if (ready === 0) {
        await pause(LOOK_EVERY_MS);
        continue;
      }
      const stopped = await fleet.send();
      if (stopped === 'balance')
        run.stage.simulator.ecommpay.changeSettings({ payoutBalanceCentavos: run.totalCentavos * 2 });
      await actAsStaff(staff, run.stage.simulator, run.random);
    }
  } finally {
    over.abort();
    await killing;
    await fleet.close();
    staff.stop.abort();
  }
  return fleet.kills;
}
