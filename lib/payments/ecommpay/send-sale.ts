import { holdsNow } from '../../base/fresh.ts';
import type { AcceptOutcome } from '../../ecommpay/accepted.ts';
import { type GateSale, sendGateSale } from '../../ecommpay/gate-sale.ts';
import { append, lockPayment } from '../append.ts';
import type { PaymentDeps } from '../deps.ts';
import type { Fact } from '../facts.ts';
import { mayCharge } from '../may-charge.ts';
import { insist } from '../record-answer.ts';
import type { Conclusion } from '../reduce.ts';
import { askFromNow } from './sale-row.ts';

const NOT_ALLOWED: AcceptOutcome = { kind: 'not_connected', reason: 'not_allowed' };

/**
 * Sends an attempt that is on record, and records what it came to. It leaves only where its sender still holds the lease
 * and nothing else may have charged the order meanwhile; else it is on record as one that never left.
 */
export async function sendSale(
  deps: PaymentDeps,
  paymentId: string,
  holder: string,
  attempt: number,
  sale: GateSale,
): Promise<{ outcome: AcceptOutcome; conclusion: Conclusion }> {
  if (!deps.ecommpay) throw new Error('the rail is off');
  await deps.reach('sale.recorded');
  const outcome = (await holdsNow(deps.clock, () => mayCharge(deps.store.db, paymentId, holder)))
    ? await sendGateSale(deps.ecommpay.api, sale)
    : NOT_ALLOWED;
  await deps.reach('sale.answered');
  const conclusion = await insist(deps, paymentId, () =>
    deps.store.transaction(async (tx) => {
      const locked = await lockPayment(tx, paymentId);
      if (!locked) throw new Error('a payment whose sale was answered is gone');
      // An accepted sale has its time; whatever else came is a reason to ask now.
      if (outcome.kind !== 'accepted') await askFromNow(tx, [paymentId]);
      const facts: Fact[] = [{ kind: 'sale_answer', attempt, outcome }];
      if (outcome === NOT_ALLOWED && !(await mayCharge(tx, paymentId)))
        facts.push({ kind: 'not_started', why: 'order_taken' });
      const { after } = await append(tx, deps, locked, facts);
      return after;
    }),
  );
  await deps.reach('sale.saved');
  return { outcome, conclusion };
}
