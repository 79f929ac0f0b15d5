import type { Rail } from '../db/schema.ts';
import type { PaymentDeps } from './deps.ts';
import { askForStatus } from './ecommpay/ask-for-status.ts';
import { acquireLease, releaseLease, whileLeased } from './lease.ts';
import { findPayment, type PaymentRow } from './payment.ts';
import { type Next, repeatExecute } from './repeat-execute.ts';

/** `again`: look once more after `inMs`. `done`: final, or nothing a machine can do. `busy`: somebody else is at it. */
export type Settled = { kind: 'done' } | { kind: 'busy' } | { kind: 'again'; inMs: number };

/** How each rail finds out what became of a payment, for whoever holds its lease. */
const FIND_OUT: Record<Rail, (deps: PaymentDeps, payment: PaymentRow, holder: string) => Promise<Next>> = {
  maya: repeatExecute,
  ecommpay: askForStatus,
};

/**
 * Finds out once what became of a payment, in the way of its rail.
 *
 * @param ignoreDue at process start everything unsettled is due, and a customer who looks does not wait either
 */
export async function settleOnce(
  deps: PaymentDeps,
  paymentId: string,
  options: { ignoreDue: boolean },
): Promise<Settled> {
  const holder = await acquireLease(deps, paymentId, options);
  if (holder === null) return { kind: 'busy' };
  await deps.reach('settle.leased');
  const { nextInMs } = await whileLeased(deps, paymentId, holder, async () => {
    const payment = await findPayment(deps.store.db, paymentId);
    return payment ? FIND_OUT[payment.rail](deps, payment, holder) : { nextInMs: null };
  });
  if (nextInMs === null) return { kind: 'done' };
  const inMs = await releaseLease(deps, paymentId, holder, nextInMs);
  await deps.reach('settle.released');
  return { kind: 'again', inMs };
}
