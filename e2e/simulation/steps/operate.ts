import { openDossier } from '#lib/ops/payment-dossier.ts';
import { listReview } from '#lib/ops/review-list.ts';
import { askAgain, decide } from '#lib/payments/staff.ts';
import { type Act, boot, FAILED, request } from './stage.ts';

const DRAIN_MS = 30_000;

/** A new version: a new process takes over, the old ones are told to end and have half a minute. */
export async function deploy(act: Act): Promise<void> {
  const { world } = act;
  const old = world.serving();
  await boot(act);
  for (const process of old) {
    world.note(() => `${process.name} is told to end`);
    process.draining = true;
    process.runtime?.stop.abort();
    world.scheduler.in(DRAIN_MS, () => void process.kill('after its drain'));
  }
}

/** Looks at what waits for a person and decides one by the provider's book: Maya's once nothing is under way. */
export async function staffDecides(act: Act): Promise<void> {
  const { world, network } = act;
  const staff = { actor: 'Ana Reyes', evidence: 'Maya Manager' };
  await request(act, 'decide', async (runtime) => {
    const waiting = (await listReview(runtime.store.db, { spotChecks: false })).filter(
      ({ todo }) => todo === 'decide',
    );
    const row = waiting[0];
    if (!row) return;
    const dossier = await openDossier(runtime.store.db, row.paymentId);
    if (!dossier) return;
    // Maya Manager speaks of what arrived. A person who waits until nothing is on its way is what the promise assumes.
    const providerId = row.providerId ?? '';
    const isUnderWay = network.underWay().has(providerId) || world.processes.some(({ stopped }) => stopped);
    // ECommPay's Dashboard says what is so now, and may be asked too early: that the code has to know.
    if (row.rail === 'maya' && isUnderWay) return;
    const charged = world.judge.debitOf(providerId) !== undefined;
    const result = await decide(
      { ...runtime, executeTimeoutMs: world.plan.executeTimeoutMs },
      row.paymentId,
      charged ? 'charged' : 'not_charged',
      dossier.payment.version,
      staff,
    );
    world.reach(
      typeof result === 'string'
        ? `staff: ${result}`
        : `staff decided ${charged ? 'charged' : 'not charged'}`,
    );
    world.note(
      () => `staff decides ${row.paymentId.slice(-6)}: ${typeof result === 'string' ? result : result.state}`,
    );
  });
}

export async function staffAsks(act: Act): Promise<void> {
  const { world } = act;
  const asked = await request(act, 'ask again', async (runtime) => {
    const row = (await listReview(runtime.store.db, { spotChecks: true }))[0];
    if (!row) return 'nothing';
    const deps = { ...runtime, executeTimeoutMs: world.plan.executeTimeoutMs };
    return askAgain(deps, row.paymentId, { actor: 'Ana Reyes', evidence: 'customer called' });
  });
  if (asked !== FAILED) world.reach(`staff: ${asked}`);
}
