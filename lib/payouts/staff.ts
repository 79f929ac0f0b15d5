import type { PayoutState } from '../db/schema.ts';
import { nowMs } from '../db/store.ts';
import { append, lockPayout } from './append.ts';
import { audit } from './audit.ts';
import type { RecordDeps } from './deps.ts';
import type { PayoutEvent } from './facts.ts';
import { isFinal, UNSETTLED } from './payout.ts';
import { type Conclusion, reduce } from './reduce.ts';
import { mayRunUntilMs, requestsOf, sentAtMs } from './requests.ts';

/** Why a decision was not taken. Each says what to do. */
export type StaffRefusal =
  | 'not_found'
  /** Somebody is asking or sending at this moment: try again in a minute. */
  | 'busy'
  /** A request may be on the wire. */
  | 'on_the_wire'
  /** Facts came after what was looked at: look again. */
  | 'changed'
  /** Nothing that pays ever went out. */
  | 'never_sent'
  /** ECommPay said that it is paid. */
  | 'is_paid'
  /** It has ended without a payment already. */
  | 'is_not_paid'
  | TooEarly;

/** ECommPay may still pay it: whoever is paid again under another id would be paid twice. From `fromMs` on, it is over. */
export type TooEarly = { kind: 'too_early'; fromMs: number };

export const isTooEarly = (result: object | string): result is TooEarly =>
  typeof result === 'object' && 'kind' in result && result.kind === 'too_early';

/** A person who looked a payout up, e.g. in ECommPay's Dashboard. */
export type Staff = { actor: string; evidence: string };

/**
 * A person's decision about a payout. It forbids every later request; `not_paid` of one that was never sent withdraws it.
 * Of one that was sent, `not_paid` waits until ECommPay itself would have declined it (contract 12.1): before that, what
 * the Dashboard shows can still change, and a decline that is final is learnt by asking.
 *
 * @param seen version of the payout that the person looked at
 * @param deps.sendLimitMs a younger request without an answer may still be on the wire
 * @param deps.limitMs how long ECommPay works on a payout at most
 */
export async function decide(
  deps: RecordDeps & { sendLimitMs: number; limitMs: number },
  payoutId: string,
  decision: 'paid' | 'not_paid',
  seen: number,
  staff: Staff,
): Promise<Conclusion | StaffRefusal> {
  return deps.store.transaction(async (tx) => {
    const locked = await lockPayout(tx, payoutId);
    if (!locked) return 'not_found';
    const { row, events, nowMs: now } = locked;
    if (row.version !== seen) return 'changed';
    const open = requestsOf(events).filter(({ answer }) => answer === undefined);
    if (open.some(({ recordedAtMs }) => now < recordedAtMs + deps.sendLimitMs)) return 'on_the_wire';
    if (row.lease_until >= now) return 'busy';
    if (decision === 'paid' && sentAtMs(events) === null) return 'never_sent';
    const machine = withoutDecisions(events);
    if (machine === 'paid') return 'is_paid';
    if (decision === 'not_paid' && isFinal(machine) && row.state !== 'paid' && isFinal(row.state))
      return 'is_not_paid';
    const fromMs = decision === 'not_paid' ? notPaidFromMs(events, deps.limitMs) : null;
    if (fromMs !== null && now < fromMs) return { kind: 'too_early', fromMs };
    const fact = { kind: 'staff_decided', id: deps.ids.key(), decision, seen, ...staff } as const;
    const { after } = await append(tx, deps, locked, [fact]);
    await audit(tx, deps, { ...staff, action: `payout.decide ${decision}`, subject: payoutId });
    return after;
  });
}

/** From when on nobody can be wrong any more who says that it was not paid; `null` where nobody can be wrong now. */
export function notPaidFromMs(events: readonly PayoutEvent[], limitMs: number): number | null {
  return UNSETTLED.includes(withoutDecisions(events)) ? mayRunUntilMs(events, limitMs) : null;
}

/** Where it stands by what was sent and what ECommPay said, whatever people decided. */
const withoutDecisions = (events: readonly PayoutEvent[]): PayoutState =>
  reduce(events.filter(({ fact }) => fact.kind !== 'staff_decided')).state;

/** One more question, at a person's wish. The server asks at its next turn, within a second or so. */
export async function askAgain(
  deps: RecordDeps,
  payoutId: string,
  staff: Staff,
): Promise<'asked' | 'not_found' | 'nothing_to_ask'> {
  return deps.store.transaction(async (tx) => {
    const locked = await lockPayout(tx, payoutId);
    if (!locked) return 'not_found';
    const before = reduce(locked.events);
    if (before.asking === 'no' && before.state !== 'held') return 'nothing_to_ask';
    const afterNumber = locked.row.version;
    const { after } = await append(tx, deps, locked, [
      { kind: 'staff_asked', actor: staff.actor, afterNumber },
    ]);
    if (after.asking === 'no') return 'nothing_to_ask';
    await tx
      .updateTable('payouts')
      .set({ next_ask_at: nowMs, ask_from: nowMs })
      .where('id', '=', payoutId)
      .execute();
    await audit(tx, deps, { ...staff, action: 'payout.ask_again', subject: payoutId });
    return 'asked';
  });
}
