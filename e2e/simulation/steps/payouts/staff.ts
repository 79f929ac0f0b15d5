import { askAgain, decide, isTooEarly } from '#lib/payouts/staff.ts';
import { TIMES } from '../../ecommpay/agreement.ts';
import { type Act, FAILED, request } from '../stage.ts';

const LIMITS = { sendLimitMs: TIMES.callMs, limitMs: TIMES.payoutLimitMs };
const STAFF = { actor: 'ana', evidence: 'Dashboard' };

/** Somebody looks a payout up in the Dashboard and says what stands there now, be it too early or not. */
export async function decides(act: Act): Promise<void> {
  const { world, chance } = act;
  const waiting = world.database.all<{ id: string; version: number; state: string }>(
    `select id, version, state from payouts where state not in ('paid', 'declined', 'failed') and staff_decided = 0 order by id`,
  );
  // Those of which nobody knows are looked up first.
  const unknown = waiting.filter(({ state }) => state === 'unknown');
  const among = unknown.length > 0 ? unknown : waiting;
  const row = among.length === 0 ? undefined : chance.pick(among);
  if (!row) return;
  const paid = world.judge.payouts.paid(row.id) !== undefined;
  const result = await request(act, 'decide payout', (runtime) =>
    decide({ ...runtime, ...LIMITS }, row.id, paid ? 'paid' : 'not_paid', row.version, STAFF),
  );
  if (result === FAILED) return;
  if (isTooEarly(result)) return world.reach('payout staff: too early');
  world.reach(
    typeof result === 'string'
      ? `payout staff: ${result}`
      : `payout staff decided ${paid ? 'paid' : 'not paid'}`,
  );
}

export async function asks(act: Act): Promise<void> {
  const { world, chance } = act;
  const open = world.database.all<{ id: string }>(
    `select id from payouts where state in ('unknown', 'processing', 'review', 'held') order by id`,
  );
  if (open.length === 0) return;
  const id = chance.pick(open)?.id ?? '';
  const asked = await request(act, 'ask payout', (runtime) => askAgain(runtime, id, STAFF));
  if (asked !== FAILED) world.reach(`payout staff: ${asked}`);
}

/** The merchant's balance at ECommPay: filled, or nearly empty. */
export function topUp({ ecommpay, chance, world }: Act): void {
  if (!ecommpay) return;
  const paidOut = ecommpay.ecommpay
    .ledger()
    .payouts.reduce((sum, { amountCentavos }) => sum + amountCentavos, 0);
  const filled = chance.maybe(0.7);
  ecommpay.ecommpay.changeSettings({ payoutBalanceCentavos: paidOut + (filled ? 10_000_000 : 60_000) });
  world.reach(filled ? 'the balance was filled' : 'the balance was emptied');
}
