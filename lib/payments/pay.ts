import { type Moment, momentOf, msSince } from '../base/fresh.ts';
import { errorFields } from '../base/log.ts';
import type { CustomerSession } from '../customer-session/sessions.ts';
import { withdrawTaps } from '../orders/claim.ts';
import { findOrder, type Order } from '../orders/order.ts';
import { createUntilExecutable, type PayTokens, tokensForTap } from './create-and-first-execute.ts';
import type { PaymentDeps } from './deps.ts';
import { follow } from './follow.ts';
import { releaseLease, whileLeased } from './lease.ts';
import { type OpenedPayment, openPayment } from './open-payment.ts';
import { recordExecuteAnswer } from './record-answer.ts';
import { after } from './repeat-execute.ts';
import { sendExecute } from './send-execute.ts';
import { PAY_BY_MS } from './timing.ts';

/**
 * What a tap on Pay came to.
 *
 * - `following`: a payment of this order is under way or done, by this tap or an earlier one; the order's page tells.
 * - `refused`: nothing was begun and nothing charged.
 */
export type Tap =
  | { kind: 'following' }
  | {
      kind: 'refused';
      reason:
        | 'not_found'
        | 'order_changed'
        | 'order_closed'
        | 'session_over'
        | 'unavailable'
        | 'too_many'
        | 'amount';
    };

/** A tap and the work that goes on behind it, which outlives the request. */
export type Tapped = { tap: Tap; settled: Promise<void> };

const nothing = Promise.resolve();

/**
 * Pays an order: opens a payment, creates it at Maya, executes it and settles what stays open. However often and from
 * wherever it is called for one order, one payment comes of it.
 *
 * @param version the order's version that the customer saw
 * @param session the customer's live session; its tokens are used and never shown
 * @param tappedAt when the tap arrived, before the store was asked anything about it
 * @returns as soon as the payment is open; `settled` resolves when it is final or left to the sweeper
 */
export function pay(
  deps: PaymentDeps,
  session: CustomerSession,
  orderId: string,
  version: number,
  tappedAt: Moment = momentOf(deps.clock),
): Promise<Tapped> {
  return deps.taps.run(`${orderId} ${version} ${session.row}`, () =>
    tapOnce(deps, session, orderId, version, tappedAt),
  ) as Promise<Tapped>;
}

async function tapOnce(
  deps: PaymentDeps,
  session: CustomerSession,
  orderId: string,
  version: number,
  tappedAt: Moment,
): Promise<Tapped> {
  const refused = (reason: Extract<Tap, { kind: 'refused' }>['reason']): Tapped => ({
    tap: { kind: 'refused', reason },
    settled: nothing,
  });
  const asItIs = async (): Promise<Tapped> => {
    const now = await findOrder(deps.store.db, orderId, session);
    return {
      tap: (now && alreadyDecided(now, version)) ?? { kind: 'refused', reason: 'order_changed' },
      settled: nothing,
    };
  };
  /** The customer is told that nothing was charged, so no other tap on the same page may charge it from now on. */
  const notNow = async (reason: 'unavailable' | 'too_many'): Promise<Tapped> =>
    (await withdrawTaps(deps.store.db, orderId, version)) ? refused(reason) : asItIs();
  const order = await findOrder(deps.store.db, orderId, session);
  if (!order) return refused('not_found');
  const earlier = alreadyDecided(order, version);
  if (earlier) return { tap: earlier, settled: nothing };
  if (order.totalCentavos < deps.payments.minCentavos || order.totalCentavos > deps.payments.maxCentavos)
    return refused('amount');
  if (!session.live) return refused('session_over');
  if (deps.stopping.aborted) return notNow('unavailable');

  const tokens = await tokensForTap(deps, session.row);
  if (tokens === 'session_over') return refused('session_over');
  if (tokens === 'unavailable') return notNow('unavailable');
  await deps.reach('pay.ready');
  const sinceTapMs = Math.round(msSince(deps.clock, tappedAt));
  if (sinceTapMs >= PAY_BY_MS) return notNow('unavailable');
  const payInMs = PAY_BY_MS - sinceTapMs;
  const opened = await openPayment(deps, { order, version, sessionRow: session.row, payInMs });
  if (opened === 'too_many') return notNow('too_many');
  if (opened === 'not_claimed') return asItIs();
  await deps.reach('pay.opened');
  return {
    tap: { kind: 'following' },
    settled: carryOut(deps, { session, order, tappedAt }, opened, tokens),
  };
}

/** What an order says about a tap without anything being done; `null` where it can be paid. */
export function alreadyDecided(order: Order, version: number): Tap | null {
  if (order.claim !== null || order.paidBy !== null) return { kind: 'following' };
  if (order.state !== 'open') return { kind: 'refused', reason: 'order_closed' };
  if (order.version !== version) return { kind: 'refused', reason: 'order_changed' };
  return null;
}

/** Everything after opening. Never throws: whatever goes wrong, the payment is on record and will be settled. */
async function carryOut(
  deps: PaymentDeps,
  { session, order, tappedAt }: { session: CustomerSession; order: Order; tappedAt: Moment },
  payment: OpenedPayment,
  tokens: PayTokens,
): Promise<void> {
  try {
    const next = await whileLeased(deps, payment.id, payment.holder, async () => {
      const step = await createUntilExecutable(
        deps,
        { payment, tappedAt, sessionRow: session.row, amountCentavos: order.totalCentavos },
        tokens,
      );
      if (step.kind === 'stop') return after(deps, step.conclusion, 1);
      await deps.reach('execute.recorded');
      const outcome = await sendExecute(deps, payment.id, payment.holder, step.execute);
      await deps.reach('execute.answered');
      const conclusion = await recordExecuteAnswer(deps, payment.id, 1, outcome);
      await deps.reach('execute.saved');
      return after(deps, conclusion, 1, outcome);
    });
    if (next.nextInMs === null) return;
    const inMs = await releaseLease(deps, payment.id, payment.holder, next.nextInMs);
    await deps.reach('pay.released');
    await deps.clock.sleep(inMs, deps.stopping);
    await follow(deps, payment.id);
  } catch (error) {
    deps.log.error('payment.interrupted', { payment: payment.id, ...errorFields(error) });
  }
}
