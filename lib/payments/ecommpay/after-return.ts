import { nowMs, nowPlus } from '../../db/store.ts';
import type { PaymentDeps } from '../deps.ts';
import { follow } from '../follow.ts';
import { RETURN_PAUSE_MS } from './timing.ts';

/**
 * The customer is back from ECommPay or the wallet. That proves nothing, but it is the moment to ask: soon, and then in
 * growing pauses. Does not wait for the answer.
 */
export async function nudgeAfterReturn(deps: PaymentDeps, paymentId: string): Promise<void> {
  await deps.reach('return.received');
  const returned = await deps.store.db
    .updateTable('ecommpay_sales')
    .set({ ask_from: nowMs })
    .where('payment_id', '=', paymentId)
    .where('ask_from', '<=', nowPlus(-RETURN_PAUSE_MS))
    .returning('payment_id')
    .executeTakeFirst();
  if (!returned) return;
  await deps.reach('return.recorded');
  // On record, so that somebody asks even if this process dies here.
  await deps.store.db
    .updateTable('payments')
    .set({ next_ask_at: nowMs })
    .where('id', '=', paymentId)
    .where('asking', '=', 'yes')
    .execute();
  void follow(deps, paymentId, { ignoreDue: true });
}
