import { sendBatch } from '#lib/payouts/send-batch.ts';
import { beginLife, type Life } from './payout-life.ts';
import type { Kills, Sending } from './payout-run.ts';
import { actAsStaff, openCount } from './payout-staff.ts';
import { eventually } from './payout-stage.ts';

const GIVE_UP_MS = 600_000;

/** All of it in this process: one runtime after the other, each of which dies at some fault point. Soon done. */
export async function sendInLives(run: Sending): Promise<Kills> {
  const { stage, watch, tell } = run;
  // Requests, answers, callbacks: a payout passes four fault points or more, so that all kills fall into the sending.
  const between = Math.max(2, Math.floor((run.rows * 2.5) / (run.kills + 1)));
  let kills = 0;
  for (;;) {
    const diesAfter =
      kills < run.kills ? 1 + Math.floor(run.random() * 2 * between) : Number.POSITIVE_INFINITY;
    const life = await beginLife(stage.settings, diesAfter);
    stage.hear(life.answer);
    await Promise.race([finish(run, life), life.death]).catch((error: unknown) => {
      if (!life.isDead()) throw error;
    });
    if (!life.isDead()) {
      life.kill();
      return { 'in one process': kills };
    }
    kills += 1;
    const { open } = await openCount(watch);
    tell(`killed ${kills} of ${run.kills}; ${open} payouts are not settled yet`);
  }
}

/** Everything that staff and servers do until every payout is final. */
async function finish({ stage, batchId, totalCentavos, random, watch }: Sending, life: Life): Promise<void> {
  const { deps } = life;
  const { simulator } = stage;
  for (;;) {
    const sent = await sendBatch(deps, batchId, 'chaos');
    if (sent?.stopped === 'balance')
      simulator.ecommpay.changeSettings({ payoutBalanceCentavos: totalCentavos * 2 });
    await actAsStaff(deps, simulator, random);
    await eventually(async () => {
      const { open, ready } = await openCount(watch);
      return life.isDead() || ready > 0 || open === 0;
    }, GIVE_UP_MS);
    if (life.isDead() || (await openCount(watch)).open === 0) return;
  }
}
