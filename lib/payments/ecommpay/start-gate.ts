import { errorFields } from '../../base/log.ts';
import { type GateSale, gateSaleParameters } from '../../ecommpay/gate-sale.ts';
import { isSendableEmail } from '../../ecommpay/request-values.ts';
import type { Order } from '../../orders/order.ts';
import type { PaymentDeps } from '../deps.ts';
import { follow } from '../follow.ts';
import { releaseLease, whileLeased } from '../lease.ts';
import { FOLLOW_UP_TO_MS, LEASE_MS, PAY_BY_MS } from '../timing.ts';
import { afterOthers, type Buyer, beforeSale, type Refusal } from './buyer.ts';
import { customerIdOf } from './customer-id.ts';
import { lookAgain } from './look-again.ts';
import { openSale } from './open-sale.ts';
import { callbackUrl } from './rail.ts';
import { recordNextAttempt } from './record-attempt.ts';
import { sendSale } from './send-sale.ts';
import { RECONNECT_PAUSE_MS } from './timing.ts';

/** `following`: wait for where to go (`redirectFor`); the order's page tells everything else. */
export type GatePayment = {
  tap: { kind: 'following' } | { kind: 'refused'; reason: Refusal };
  /** The work that goes on behind it, which outlives the request. */
  settled: Promise<void>;
};

/** Gate needs to know who pays: an e-mail address, and the customer's own network address. */
export type GateBuyer = Buyer & { email: string; ipAddress: string };

/**
 * Pays an order in the wallet, without a page of ECommPay's in between: sends the sale, whose answer says only that it
 * was taken. Where to send the customer comes by callback.
 *
 * @param version the order's version that the customer saw
 * @returns as soon as the payment is open
 */
export function startGatePayment(
  deps: PaymentDeps,
  buyer: GateBuyer,
  order: Order,
  version: number,
): Promise<GatePayment> {
  const key = `gate ${order.id} ${version} ${buyer.owner.row}`;
  return deps.taps.run(key, () => startOnce(deps, buyer, order, version)) as Promise<GatePayment>;
}

const done = (tap: GatePayment['tap']): GatePayment => ({ tap, settled: Promise.resolve() });

async function startOnce(
  deps: PaymentDeps,
  buyer: GateBuyer,
  order: Order,
  version: number,
): Promise<GatePayment> {
  const rail = deps.ecommpay;
  if (!rail) return done({ kind: 'refused', reason: 'unavailable' });
  const before = beforeSale(deps, rail, order, version);
  if (before) return done(before);
  if (!isSendableEmail(buyer.email)) return done({ kind: 'refused', reason: 'email' });

  const { settings } = rail.api;
  const id = deps.ids.key();
  const customerId = customerIdOf(buyer.owner);
  const sale: GateSale = {
    paymentId: id,
    amountCentavos: order.totalCentavos,
    customerId,
    customerEmail: buyer.email,
    ipAddress: buyer.ipAddress,
    returnUrl: buyer.returnUrl,
    callbackUrl: callbackUrl(rail),
  };
  // What must not be sent is found out before anything is recorded as sent.
  gateSaleParameters(settings, sale);
  const holder = deps.ids.reference();
  const opened = await openSale(
    deps,
    {
      id,
      order,
      version,
      sessionRow: buyer.owner.row,
      payInMs: PAY_BY_MS,
      lease: { holder, forMs: LEASE_MS },
    },
    { interface: 'gate', projectId: settings.projectId, customerId, request: sale },
    () => ({
      kind: 'sale_attempt',
      attempt: 1,
      paymentId: id,
      project: settings.projectId,
      baseMs: rail.times.baseMs,
      limitMs: rail.times.limitMs,
    }),
  );
  if (opened === 'too_many') return done({ kind: 'refused', reason: 'too_many' });
  if (opened === 'not_claimed') {
    const { decided } = await afterOthers(deps, order.id, version);
    return done(decided);
  }
  return { tap: { kind: 'following' }, settled: carryOut(deps, id, holder, sale) };
}

/** Everything after opening. Never throws: whatever goes wrong, the payment is on record and will be settled. */
async function carryOut(deps: PaymentDeps, paymentId: string, holder: string, sale: GateSale): Promise<void> {
  try {
    const { nextInMs } = await whileLeased(deps, paymentId, holder, async () => {
      for (let attempt = 1; ; attempt += 1) {
        const { outcome, conclusion } = await sendSale(deps, paymentId, holder, attempt, sale);
        if (outcome.kind !== 'not_connected') return lookAgain(deps, paymentId, conclusion, outcome);
        await deps.clock.sleep(RECONNECT_PAUSE_MS, deps.stopping);
        const next = await recordNextAttempt(deps, paymentId, holder, { onlyInTime: true });
        if (next.kind === 'stop') return lookAgain(deps, paymentId, next.conclusion);
      }
    });
    if (nextInMs === null) return;
    const inMs = await releaseLease(deps, paymentId, holder, nextInMs);
    if (inMs > FOLLOW_UP_TO_MS) return;
    await deps.clock.sleep(inMs, deps.stopping);
    await follow(deps, paymentId);
  } catch (error) {
    deps.log.error('payment.interrupted', { payment: paymentId, ...errorFields(error) });
  }
}
