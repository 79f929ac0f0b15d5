import { askAgainInMs, hourlyPauseMs } from '../../base/pauses.ts';
import { nowMs } from '../../db/store.ts';
import type { PaymentDeps } from '../deps.ts';
import type { PaymentEvent } from '../facts.ts';
import { loadEvents } from '../payment.ts';
import type { Conclusion } from '../reduce.ts';
import type { Next } from '../repeat-execute.ts';
import type { EcommpayRail } from './rail.ts';
import { isKnown, isLost, releaseAtMs, runsUntilMs, salesOf } from './sales.ts';
import { MAX_SALE_ATTEMPTS } from './timing.ts';

/** When a lost request is sent again, where ECommPay still does not know it; `null` where it is not, or needs not be. */
export function resendAtMs(rail: EcommpayRail, events: readonly PaymentEvent[]): number | null {
  const sales = salesOf(events);
  const last = sales.at(-1);
  if (!last || !isLost(last) || sales.length >= MAX_SALE_ATTEMPTS || isKnown(events)) return null;
  return last.recordedAtMs + rail.times.resendAfterMs;
}

/** When to ask for the status, or `null` where that would tell nothing. */
export async function lookAgain(
  deps: PaymentDeps,
  paymentId: string,
  conclusion: Conclusion | null,
  outcome?: { kind: string },
): Promise<Next> {
  const rail = deps.ecommpay;
  if (!conclusion || !rail || conclusion.asking === 'no') return { nextInMs: null };
  if (conclusion.asking === 'hourly') return { nextInMs: hourlyPauseMs(deps.ids.random()) };
  // The result of a sale that was taken is not there before its time, unless a callback brings it.
  if (outcome?.kind === 'accepted') return { nextInMs: rail.times.baseMs };
  const row = await deps.store.db
    .selectFrom('payments')
    .innerJoin('ecommpay_sales', 'ecommpay_sales.payment_id', 'payments.id')
    .select('ecommpay_sales.ask_from')
    .select(nowMs.as('now'))
    .where('payments.id', '=', paymentId)
    .executeTakeFirst();
  if (!row) return { nextInMs: null };
  const events = await loadEvents(deps.store.db, paymentId);
  const turningPoints = [releaseAtMs(events), runsUntilMs(events), resendAtMs(rail, events) ?? 0];
  return { nextInMs: askAgainInMs(row.now, row.ask_from, turningPoints) };
}
