import { type EarlierPayment, sameTotalLately } from '../payments/earlier-payments.ts';
import { pageOffer } from '../payments/ecommpay/start-page.ts';
import { isUnderWay, onwardOf } from './handover.ts';
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
  /** Back to a payment under way, for whoever began it. `untilMs` where the way there closes at a known time. */
  | { kind: 'continue'; untilMs: number | null; mayContinue: boolean }
  | { kind: 'none' };

export async function payOffer(context: RequestContext, access: Access): Promise<PayOffer> {
  const { deps } = context;
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
  const onward = payment && rail && order.claim === payment.id ? await onwardOf(context, access) : null;
  if (!rail || !payment) return { kind: 'none' };
  const isOpen = order.paidBy === null && order.claim === payment.id;
  const offer = isOpen && isUnderWay(status.state) ? await pageOffer(deps, rail, payment.id) : null;
  if (offer) return { kind: 'continue', untilMs: offer.untilMs, mayContinue: onward?.kind === 'go' };
  const isLed = onward?.kind === 'go' || onward?.kind === 'post';
  return isLed ? { kind: 'continue', untilMs: null, mayContinue: true } : { kind: 'none' };
}
