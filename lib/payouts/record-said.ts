import { nowMs } from '../db/store.ts';
import { answeredAll } from '../ecommpay/ambiguous.ts';
import { differences, isToBeAsked, type Report } from '../ecommpay/report.ts';
import { append, type Locked, lockPayout } from './append.ts';
import type { PayoutDeps } from './deps.ts';
import { type Fact, factKey, saidOf } from './facts.ts';
import { insist } from './insist.ts';
import type { Conclusion } from './reduce.ts';

/**
 * Records what ECommPay said of a payout, lease or not: by callback, or in answer to our question. Whatever differs from
 * our own row is recorded with it, and never counts as paid.
 *
 * @param answers ambiguous callbacks that were on record when this was asked for
 * @returns what is known now; `null` where no payout of ours is meant
 */
export async function recordSaid(
  deps: PayoutDeps,
  kind: 'callback_said' | 'status_said',
  report: Report,
  answers: readonly string[] = [],
): Promise<Conclusion | null> {
  const record = () =>
    deps.store.transaction(async (tx) => {
      const locked = await lockPayout(tx, report.paymentId);
      if (!locked) return null;
      const { project_id: projectId, amount_centavos: amountCentavos, created_at: sinceMs } = locked.row;
      const expected = { projectId, type: 'payout', amountCentavos, sinceMs } as const;
      // Whatever is to move money has to name type and sum.
      const differs = differences(report, expected, report.reading === 'success');
      const fact: Fact = { kind, said: saidOf(report, differs) };
      const { after } = await append(tx, deps, locked, [fact, ...answeredAll(answers)]);
      if (after.asking !== 'no' && asksAnew(locked, fact, report))
        await tx
          .updateTable('payouts')
          .set({ next_ask_at: nowMs, ...(after.asking === 'to_be_sure' ? { ask_from: nowMs } : {}) })
          .where('id', '=', report.paymentId)
          .execute();
      return after;
    });
  // ECommPay sends a callback again; the answer to a question is in this process's memory alone.
  return kind === 'status_said' ? insist(deps, report.paymentId, record) : record();
}

/**
 * Whether a report is a reason to ask at once. An ambiguous callback that was on record is none: anybody who has seen it can
 * send it as often as they like.
 */
function asksAnew({ events }: Locked, fact: Fact, report: Report): boolean {
  if (fact.kind !== 'callback_said' || !isNoEnd(report)) return false;
  return report.ambiguous === undefined || !events.some((event) => factKey(event.fact) === factKey(fact));
}

/** What may be an end, and is one only once ECommPay's answer to our own question says so too. */
export const isNoEnd = (report: Report) => isToBeAsked(report) || report.reading === 'decline';
