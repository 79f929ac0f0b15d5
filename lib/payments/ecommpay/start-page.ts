import { paymentPageAddress } from '../../ecommpay/payment-page.ts';
import { isSendableEmail } from '../../ecommpay/request-values.ts';
import type { Order } from '../../orders/order.ts';
import type { PaymentDeps } from '../deps.ts';
import { mayCharge } from '../may-charge.ts';
import { findPayment } from '../payment.ts';
import { afterOthers, type Buyer, beforeSale, type Refusal } from './buyer.ts';
import { customerIdOf } from './customer-id.ts';
import { openSale } from './open-sale.ts';
import { callbackUrl, type EcommpayRail } from './rail.ts';
import { findSale, pageSaleOf } from './sale-row.ts';

/**
 * What a tap on Pay, or on *Continue payment*, came to.
 *
 * - `go`: send the customer to this address, which holds an e-mail address: into no log.
 * - `following`: a payment of this order is under way or done; the order's page tells.
 */
export type PagePayment =
  | { kind: 'go'; address: string }
  | { kind: 'following' }
  | { kind: 'refused'; reason: Refusal };

export type PageBuyer = Buyer & { email: string | undefined; language: string };

/**
 * Pays an order on ECommPay's Payment Page. Handing out the address **is** the send, so it is recorded first. However
 * often it is called while that address lives, it gives the same payment's same address.
 *
 * @param version the order's version that the customer saw
 */
export function startPagePayment(
  deps: PaymentDeps,
  buyer: PageBuyer,
  order: Order,
  version: number,
): Promise<PagePayment> {
  const key = `page ${order.id} ${version} ${buyer.owner.row}`;
  return deps.taps.run(key, () => startOnce(deps, buyer, order, version)) as Promise<PagePayment>;
}

async function startOnce(
  deps: PaymentDeps,
  buyer: PageBuyer,
  order: Order,
  version: number,
): Promise<PagePayment> {
  const rail = deps.ecommpay;
  if (!rail) return { kind: 'refused', reason: 'unavailable' };
  const before = beforeSale(deps, rail, order, version);
  if (before?.kind === 'following') return continuePagePayment(deps, buyer, order);
  if (before) return before;
  if (buyer.email !== undefined && !isSendableEmail(buyer.email)) return { kind: 'refused', reason: 'email' };

  const { times, api } = rail;
  const id = deps.ids.key();
  const customerId = customerIdOf(buyer.owner);
  const request = {
    paymentId: id,
    amountCentavos: order.totalCentavos,
    customerId,
    customerEmail: buyer.email,
    returnUrl: buyer.returnUrl,
    callbackUrl: callbackUrl(rail),
    language: buyer.language,
    bestBeforeMs: deps.clock.now() + times.bestBeforeMs,
  };
  const address = paymentPageAddress(api.settings, request);
  const opened = await openSale(
    deps,
    { id, order, version, sessionRow: buyer.owner.row, payInMs: 0, nextLookInMs: times.baseMs },
    { interface: 'page', projectId: api.settings.projectId, customerId, request },
    (nowMs) => ({
      kind: 'page_handed',
      attempt: 1,
      paymentId: id,
      project: api.settings.projectId,
      bestBeforeMs: request.bestBeforeMs,
      // The address ends by ECommPay's clock, and the claim by the store's: where ours is behind, that one counts.
      releaseAtMs: Math.max(request.bestBeforeMs, nowMs + times.bestBeforeMs) + times.baseMs,
      limitMs: times.limitMs,
    }),
  );
  if (opened === 'too_many') return { kind: 'refused', reason: 'too_many' };
  if (opened === 'opened') {
    await deps.reach('page.recorded');
    return (await mayCharge(deps.store.db, id)) ? { kind: 'go', address } : { kind: 'following' };
  }
  const others = await afterOthers(deps, order.id, version);
  return others.order && others.decided.kind === 'following'
    ? continuePagePayment(deps, buyer, others.order)
    : others.decided;
}

/**
 * *Continue payment*: the address of the payment that holds this order's claim, while it can still be used. Somebody
 * else's e-mail address is shown to nobody.
 */
async function continuePagePayment(deps: PaymentDeps, buyer: PageBuyer, order: Order): Promise<PagePayment> {
  const rail = deps.ecommpay;
  const payment = order.claim === null ? null : await findPayment(deps.store.db, order.claim);
  if (!rail || !payment) return { kind: 'following' };
  const offer = await pageOffer(deps, rail, payment.id);
  const isOwn = payment.session_id === buyer.owner.row;
  if (!offer?.usable || (!isOwn && offer.namesCustomer)) return { kind: 'following' };
  // The order may have been read a while ago.
  if (!(await mayCharge(deps.store.db, payment.id))) return { kind: 'following' };
  return { kind: 'go', address: offer.address };
}

/** An address that was handed out. */
export type PageOffer = { address: string; usable: boolean; untilMs: number; namesCustomer: boolean };

/** The address of an unsettled Page payment, and until when it can be used: then only waiting is left. */
export async function pageOffer(
  deps: Pick<PaymentDeps, 'store' | 'clock'>,
  rail: EcommpayRail,
  paymentId: string,
): Promise<PageOffer | null> {
  const row = await findSale(deps.store.db, paymentId);
  const sale = row && pageSaleOf(row);
  // Signed for another project it would be another payment under the same id.
  if (!sale || row.project_id !== rail.api.settings.projectId) return null;
  return {
    address: paymentPageAddress(rail.api.settings, sale),
    usable: deps.clock.now() < sale.bestBeforeMs,
    untilMs: sale.bestBeforeMs,
    namesCustomer: sale.customerEmail !== undefined,
  };
}
