import type { AcceptOutcome } from '../../ecommpay/accepted.ts';
import { type GateSale, sendGateSale } from '../../ecommpay/gate-sale.ts';
import { append, lockPayment } from '../append.ts';
import type { PaymentDeps } from '../deps.ts';
import { insist } from '../record-answer.ts';
import type { Conclusion } from '../reduce.ts';
import { askFromNow } from './sale-row.ts';

/** Sends an attempt that is on record, and records what it came to. */
export async function sendSale(
  deps: PaymentDeps,
  paymentId: string,
  attempt: number,
  sale: GateSale,
): Promise<{ outcome: AcceptOutcome; conclusion: Conclusion }> {
  if (!deps.ecommpay) throw new Error('the rail is off');
  await deps.reach('sale.recorded');
  const outcome = await sendGateSale(deps.ecommpay.api, sale);
  await deps.reach('sale.answered');
  const conclusion = await insist(deps, paymentId, () =>
    deps.store.transaction(async (tx) => {
      const locked = await lockPayment(tx, paymentId);
      if (!locked) throw new Error('a payment whose sale was answered is gone');
      // An accepted sale has its time; whatever else came is a reason to ask now.
      if (outcome.kind !== 'accepted') await askFromNow(tx, paymentId);
      const { after } = await append(tx, deps, locked, [{ kind: 'sale_answer', attempt, outcome }]);
      return after;
    }),
  );
  await deps.reach('sale.saved');
  return { outcome, conclusion };
}
