import { isWithin } from '../../ecommpay/api.ts';
import { findOrderById, type Order, type Owner } from '../../orders/order.ts';
import type { PaymentDeps } from '../deps.ts';
import { alreadyDecided, type Tap } from '../pay.ts';
import type { EcommpayRail } from './rail.ts';

/** Who pays, and where this person comes back to. Whoever calls has made sure that they may pay this order. */
export type Buyer = {
  owner: Owner;
  /** Where ECommPay and the wallet send the customer back to. It proves nothing, whatever it says. */
  returnUrl: string;
};

export type Refusal = Extract<Tap, { kind: 'refused' }>['reason'] | 'email';

/** Why this order cannot be paid over ECommPay by this tap, or that a payment of it is under way; else `null`. */
export function beforeSale(
  deps: PaymentDeps,
  rail: EcommpayRail,
  order: Order,
  version: number,
): { kind: 'following' } | { kind: 'refused'; reason: Refusal } | null {
  const decided = alreadyDecided(order, version);
  if (decided) return decided;
  // Told before the customer leaves: ECommPay would only say it on its own page.
  if (!isWithin(rail.api.settings.sale, order.totalCentavos)) return { kind: 'refused', reason: 'amount' };
  return deps.stopping.aborted ? { kind: 'refused', reason: 'unavailable' } : null;
}

/** After somebody else was first: what this tap comes to. */
export async function afterOthers(
  deps: PaymentDeps,
  orderId: string,
  version: number,
): Promise<{ order: Order | null; decided: Tap }> {
  const order = await findOrderById(deps.store.db, orderId);
  const decided = order && alreadyDecided(order, version);
  return { order, decided: decided ?? { kind: 'refused', reason: 'order_changed' } };
}
