import { nowMs } from '../../db/store.ts';
import { confirmClaim } from '../../orders/claim.ts';
import { append, lockPayment } from '../append.ts';
import { claimAndInsert, type Opening } from '../claim-and-insert.ts';
import type { PaymentDeps } from '../deps.ts';
import type { Fact } from '../facts.ts';

/**
 * Opens a payment over ECommPay: takes the order's claim, moves the order on so that no page shown before can pay it,
 * and records the send with everything that is needed to send the very same again. All or nothing; after it the
 * request may leave, or the address be handed out.
 *
 * @param send the fact of the send, at this moment of the store's clock
 */
export async function openSale(
  deps: PaymentDeps,
  opening: Omit<Opening, 'rail' | 'facts'>,
  sale: { interface: 'page' | 'gate'; projectId: number; customerId: string; request: object },
  send: (nowMs: number) => Fact,
): Promise<'opened' | 'not_claimed' | 'too_many'> {
  const result = await deps.store.transaction(async (tx) => {
    const claimed = await claimAndInsert(tx, { ...opening, rail: 'ecommpay', facts: 0 });
    if (claimed !== 'opened') return claimed;
    await confirmClaim(tx, opening.order.id, opening.id);
    await tx
      .insertInto('ecommpay_sales')
      .values({
        payment_id: opening.id,
        interface: sale.interface,
        project_id: sale.projectId,
        customer_id: sale.customerId,
        request: JSON.stringify(sale.request),
        ask_from: nowMs,
      })
      .execute();
    const locked = await lockPayment(tx, opening.id);
    if (!locked) throw new Error('a payment that was just written is gone');
    await append(tx, deps, locked, [send(locked.nowMs)]);
    return 'opened';
  });
  if (result === 'opened')
    deps.log.info('payment.opened', {
      payment: opening.id,
      order: opening.order.id,
      account: opening.sessionRow,
    });
  return result;
}
