import type { Store } from '#lib/db/store.ts';
import { sendOne } from '#lib/payouts/send-batch.ts';
import { decide } from '#lib/payouts/staff.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import type { Simulator } from '../simulator/start.ts';

type Waiting = { id: string; state: string; version: number };

/** Does what staff does with payouts that wait for a person. Nobody kills this. */
export async function actAsStaff(deps: Runtime, simulator: Simulator, random: () => number): Promise<void> {
  for (const one of await waitingForStaff(deps.store)) await actOn(deps, simulator, one, random);
}

function waitingForStaff(store: Store): Promise<Waiting[]> {
  return store.db
    .selectFrom('payouts')
    .select(['id', 'state', 'version'])
    .where('state', 'in', ['held', 'review'])
    .execute();
}

/** Sends a duplicate after all, or ends it; and has the same sent again where ECommPay does not know it. */
async function actOn(
  deps: Runtime,
  simulator: Simulator,
  { id, state, version }: Waiting,
  random: () => number,
): Promise<void> {
  if (state === 'review' || random() < 0.5) {
    await sendOne(deps, id, 'chaos');
    return;
  }
  const isPaid = simulator.ecommpay.ledger().payouts.some(({ paymentId }) => paymentId === id);
  const staff = { actor: 'chaos', evidence: 'the books of the simulator' };
  const limitMs = deps.settings.ECOMMPAY_PAYOUT_LIMIT_SECONDS * 1_000;
  await decide({ ...deps, sendLimitMs: 1_000, limitMs }, id, isPaid ? 'paid' : 'not_paid', version, staff);
}

/** Payouts without an end; and among them those that wait for somebody to do something. */
export async function openCount({ db }: Store): Promise<{ open: number; ready: number }> {
  const rows = await db
    .selectFrom('payouts')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .where('state', 'not in', ['paid', 'declined', 'failed'])
    .groupBy('state')
    .execute();
  const sum = (states: readonly string[]) =>
    rows.filter(({ state }) => states.includes(state)).reduce((total, { count }) => total + Number(count), 0);
  return {
    open: rows.reduce((total, { count }) => total + Number(count), 0),
    ready: sum(['ready', 'held', 'review']),
  };
}
