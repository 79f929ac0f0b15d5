import type { Taken } from '../payments/taken.ts';
import { twicePaid } from '../payments/twice-paid.ts';
import type { Access } from './order-access.ts';
import { type RequestContext, shopperOf } from './request.ts';

/** One of the payments, as the page tells of it. */
export type ToldPayment = {
  rail: 'maya' | 'ecommpay';
  /** Our reference, by which staff finds it. */
  reference: string;
  amountCentavos: number | null;
  openedAtMs: number;
};

export type PaidTwice = {
  /** `null` where everything that was taken was given back. */
  counts: ToldPayment | null;
  owed: (ToldPayment & {
    isCertain: boolean;
    /** Whether whoever looks made it. Only the order's own customer pays it inside Maya. */
    isYours: boolean;
    /** When staff recorded that it was given back. */
    returnedAtMs: number | null;
  })[];
};

/** What whoever looks at an order is told where it was paid more than once, or its money was given back. */
export async function paidTwice(context: RequestContext, access: Access): Promise<PaidTwice | null> {
  const { order, status, isOwn } = access;
  const found = await twicePaid(context.deps.store.db, order);
  if (!found) return null;
  if (found.counts && status.state !== 'approved' && status.state !== 'review') return null;
  const row = (context.session ?? shopperOf(context)?.owner)?.row;
  return {
    counts: found.counts && told(found.counts),
    owed: found.owed.map((taken) => ({
      ...told(taken),
      isCertain: taken.isCertain,
      returnedAtMs: taken.returnedAtMs,
      isYours: taken.payment.session_id === row || (isOwn && taken.payment.rail === 'maya'),
    })),
  };
}

const told = ({ payment, amountCentavos }: Taken): ToldPayment => ({
  rail: payment.rail,
  reference: payment.id,
  amountCentavos,
  openedAtMs: payment.opened_at,
});
