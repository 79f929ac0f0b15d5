import { nowMs, type Tx } from '../db/store.ts';
import type { Order } from '../orders/order.ts';
import { claimAndInsert } from './claim-and-insert.ts';
import type { PaymentDeps } from './deps.ts';
import type { Fact } from './facts.ts';
import { LEASE_MS } from './timing.ts';

/** A payment that was just opened: its first create is recorded and not sent yet. */
export type OpenedPayment = { id: string; holder: string; reference: string };

/**
 * Opens a payment: takes the order's claim, and writes the payment with the reference of its first create. All or
 * nothing; after it the first request may leave.
 *
 * @param payInMs what is left of the time in which the customer's tap may execute
 * @returns `not_claimed` where the order is claimed, paid, closed, or another version than the customer saw
 */
export async function openPayment(
  deps: PaymentDeps,
  tap: { order: Order; version: number; sessionRow: string; payInMs: number },
): Promise<OpenedPayment | 'not_claimed' | 'too_many'> {
  const { order } = tap;
  const opened: OpenedPayment = {
    id: deps.ids.key(),
    holder: deps.ids.reference(),
    reference: deps.ids.reference(),
  };
  const open = async (tx: Tx): Promise<'opened' | 'not_claimed' | 'too_many'> => {
    const claimed = await claimAndInsert(tx, {
      id: opened.id,
      order,
      version: tap.version,
      sessionRow: tap.sessionRow,
      rail: 'maya',
      payInMs: tap.payInMs,
      lease: { holder: opened.holder, forMs: LEASE_MS },
      facts: 1,
    });
    if (claimed !== 'opened') return claimed;
    const { kind, ...data } = {
      kind: 'create_attempt',
      attempt: 1,
      reference: opened.reference,
    } satisfies Fact;
    await tx
      .insertInto('payment_events')
      .values({
        payment_id: opened.id,
        number: 1,
        key: `${kind}:1`,
        kind,
        data: JSON.stringify(data),
        recorded_at: nowMs,
        recorded_by: deps.instance,
      })
      .execute();
    return 'opened';
  };
  const result = await deps.store.transaction(open).catch(async (error: unknown) => {
    // The commit may have been done and its answer lost: what is on record decides.
    if (await isOpen(deps, opened)) return 'opened' as const;
    throw error;
  });
  if (result !== 'opened') return result;
  deps.log.info('payment.opened', { payment: opened.id, order: order.id, account: tap.sessionRow });
  return opened;
}

/** Whether this payment is on record, and still its opener's to carry out. */
async function isOpen(deps: PaymentDeps, { id, holder }: OpenedPayment): Promise<boolean> {
  const row = await deps.store.db
    .selectFrom('payments')
    .select('id')
    .where('id', '=', id)
    .where('lease_by', '=', holder)
    .where('lease_until', '>=', nowMs)
    .executeTakeFirst();
  return row !== undefined;
}
