import { type Redirect, readRedirect } from '../../ecommpay/redirect-data.ts';
import type { PaymentDeps } from '../deps.ts';
import { mayCharge } from '../may-charge.ts';
import { type PaymentRow, UNSETTLED } from '../payment.ts';
import { findSale } from './sale-row.ts';

/** A page that waits for the redirect asks our own server, and gives up politely after this. */
export const REDIRECT_WAIT_MS = 60_000;

/**
 * Where a Gate sale's customer is to go now.
 *
 * - `go`: there, by GET, or by a form that the browser posts.
 * - `wait`: ECommPay has not said yet.
 * - `over`: nobody is to be sent anywhere any more; the order's page tells.
 */
export type HandOver = { kind: 'go'; redirect: Redirect } | { kind: 'wait' } | { kind: 'over' };

export async function redirectFor(
  deps: Pick<PaymentDeps, 'store' | 'ecommpay'>,
  payment: Pick<PaymentRow, 'id' | 'rail' | 'state'>,
): Promise<HandOver> {
  const isOpen = payment.rail === 'ecommpay' && UNSETTLED.includes(payment.state);
  if (!isOpen || payment.state === 'review') return { kind: 'over' };
  if (!(await mayCharge(deps.store.db, payment.id))) return { kind: 'over' };
  const sale = await findSale(deps.store.db, payment.id);
  if (sale?.interface !== 'gate') return { kind: 'over' };
  if (sale.redirect === null) return { kind: 'wait' };
  const stored = JSON.parse(sale.redirect) as Redirect;
  const data = stored.method === 'POST' ? { ...stored, body: stored.fields } : stored;
  const redirect = readRedirect(data, deps.ecommpay?.alsoOrigin);
  return redirect ? { kind: 'go', redirect } : { kind: 'wait' };
}
