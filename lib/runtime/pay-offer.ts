import { type EarlierPayment, sameTotalLately } from '../payments/earlier-payments.ts';
import { pageOffer } from '../payments/ecommpay/start-page.ts';
import type { Access } from './order-access.ts';
import { type RequestContext, shopperOf } from './request.ts';

/** What an order's page offers: Pay on one of the rails, to go on with a payment, or nothing. */
export type PayOffer =
  | { kind: 'maya'; similar: EarlierPayment | null }
  | {
      kind: 'ecommpay';
      similar: EarlierPayment | null;
      limits: { minCentavos: number; maxCentavos: number };
      /** Whether the total is within them. */
      fits: boolean;
    }
  | { kind: 'continue'; untilMs: number; mayContinue: boolean }
  | { kind: 'none' };

export async function payOffer(context: RequestContext, access: Access): Promise<PayOffer> {
  const { deps, visitor } = context;
  const { order, status, payOn } = access;
  const owner = shopperOf(context)?.owner;
  const rail = deps.ecommpay;
  if (status.payable && payOn !== null && owner) {
    const similar = await sameTotalLately(deps.store.db, owner, order.id);
    if (payOn === 'maya') return { kind: 'maya', similar };
    if (!rail) return { kind: 'none' };
    const limits = rail.api.settings.sale;
    const fits = order.totalCentavos >= limits.minCentavos && order.totalCentavos <= limits.maxCentavos;
    return { kind: 'ecommpay', similar, limits, fits };
  }
  const { payment } = status;
  if (
    !rail ||
    payOn !== 'ecommpay' ||
    payment === null ||
    order.claim !== payment.id ||
    order.paidBy !== null
  )
    return { kind: 'none' };
  const offer = await pageOffer(deps, rail, payment.id);
  if (!offer) return { kind: 'none' };
  const isForHim = payment.session_id === visitor?.row || !offer.namesCustomer;
  return { kind: 'continue', untilMs: offer.untilMs, mayContinue: isForHim };
}
