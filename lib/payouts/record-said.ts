import { nowMs } from '../db/store.ts';
import { differences, isToBeAsked, type Report } from '../ecommpay/report.ts';
import { append, lockPayout } from './append.ts';
import type { PayoutDeps } from './deps.ts';
import { saidOf } from './facts.ts';
import { insist } from './insist.ts';
import type { Conclusion } from './reduce.ts';

/**
 * Records what ECommPay said of a payout, lease or not: by callback, or in answer to our question. Whatever differs from
 * our own row is recorded with it, and never counts as paid.
 *
 * @returns what is known now; `null` where no payout of ours is meant
 */
export async function recordSaid(
  deps: PayoutDeps,
  kind: 'callback_said' | 'status_said',
  report: Report,
): Promise<Conclusion | null> {
  const record = () =>
    deps.store.transaction(async (tx) => {
      const locked = await lockPayout(tx, report.paymentId);
      if (!locked) return null;
      const { project_id: projectId, amount_centavos: amountCentavos, created_at: sinceMs } = locked.row;
      const expected = { projectId, type: 'payout', amountCentavos, sinceMs } as const;
      // Whatever is to move money has to name type and sum.
      const differs = differences(report, expected, report.reading === 'success');
      const { after } = await append(tx, deps, locked, [{ kind, said: saidOf(report, differs) }]);
      if (kind === 'callback_said' && after.asking !== 'no' && isNoEnd(report))
        await tx
          .updateTable('payouts')
          .set({ next_ask_at: nowMs })
          .where('id', '=', report.paymentId)
          .execute();
      return after;
    });
  // ECommPay sends a callback again; the answer to a question is in this process's memory alone.
  return kind === 'status_said' ? insist(deps, report.paymentId, record) : record();
}

/** What may be an end, and is one only once ECommPay's answer to our own question says so too. */
export const isNoEnd = (report: Report) => isToBeAsked(report) || report.reading === 'decline';
