import { sha256Hex } from '../../base/ids.ts';
import { nowMs, type Tx } from '../../db/store.ts';
import type { Redirect } from '../../ecommpay/redirect-data.ts';
import { differences, isToBeAsked, type Report } from '../../ecommpay/report.ts';
import { append, type Locked, lockPayment } from '../append.ts';
import type { PaymentDeps } from '../deps.ts';
import { factKey } from '../facts.ts';
import { isFinal } from '../payment.ts';
import { insist } from '../record-answer.ts';
import type { Conclusion } from '../reduce.ts';
import { saidOf } from './facts.ts';

/**
 * Records what ECommPay said of a payment, lease or not: by callback, or in answer to our question. Whatever differs
 * from our own row is recorded with it, and never pays.
 *
 * @param redirect where to send the customer on, in a callback that says so; `null` where nobody may be sent there
 * @returns what is known now; `null` where no payment of ours over this rail is meant
 */
export async function recordSaid(
  deps: PaymentDeps,
  kind: 'callback_said' | 'status_said',
  report: Report,
  redirect?: Redirect | null,
): Promise<Conclusion | null> {
  const record = () =>
    deps.store.transaction(async (tx) => {
      const locked = await lockPayment(tx, report.paymentId, (eb) => eb('rail', '=', 'ecommpay'));
      if (!locked) return null;
      const { after } = await append(tx, deps, locked, [
        { kind, said: saidOf(report, await differing(tx, locked, report)) },
        ...(redirect === undefined ? [] : [await offer(tx, locked, report, redirect)]),
      ]);
      if (after.asking !== 'no' && isToBeAsked(report))
        await tx
          .updateTable('payments')
          .set({ next_ask_at: nowMs })
          .where('id', '=', report.paymentId)
          .execute();
      return after;
    });
  // ECommPay sends a callback again; the answer to a question is in this process's memory alone.
  const conclusion = await (kind === 'status_said' ? insist(deps, report.paymentId, record) : record());
  if (conclusion?.state === 'approved') deps.announced();
  return conclusion;
}

/** Whatever is to move money has to name type and sum. */
async function differing(tx: Tx, { row }: Locked, report: Report) {
  const { project_id: projectId } = await tx
    .selectFrom('ecommpay_sales')
    .select('project_id')
    .where('payment_id', '=', row.id)
    .executeTakeFirstOrThrow();
  const expected = { projectId, type: 'purchase', amountCentavos: row.amount_centavos } as const;
  return differences(report, expected, report.reading === 'success');
}

/** The newest by ECommPay's own clock wins; a delivery that comes once more changes nothing. */
async function offer(tx: Tx, locked: Locked, report: Report, redirect: Redirect | null) {
  const text = JSON.stringify(redirect);
  const fact = { kind: 'redirect_offered', digest: sha256Hex(text), usable: redirect !== null } as const;
  const isKnown = locked.events.some((event) => factKey(event.fact) === factKey(fact));
  if (redirect === null || isKnown || isFinal(locked.row.state)) return fact;
  const madeAt = report.operation?.atMs ?? 0;
  await tx
    .updateTable('ecommpay_sales')
    .set({ redirect: text, redirect_made_at: madeAt })
    .where('payment_id', '=', locked.row.id)
    .where((eb) => eb.or([eb('redirect_made_at', 'is', null), eb('redirect_made_at', '<=', madeAt)]))
    .execute();
  return fact;
}
