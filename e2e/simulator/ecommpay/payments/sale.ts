import { announce, announceAtOnce } from '../callbacks/announce.ts';
import type { Code } from '../codes.ts';
import type { Redirect, Scenario } from '../scenarios/scenario.ts';
import { type Json, treeOf } from '../signature/json-tree.ts';
import type { World } from '../world.ts';
import { debit } from './debit.ts';
import { isFinal, newest, type Payment } from './payment.ts';
import {
  type Asked,
  AUTOMATIC_DECLINE_MS,
  addOperation,
  providerIds,
  register,
  setStatus,
} from './register.ts';
import { reverseLater } from './reversal.ts';

/** A sale, from its registration to its end. */

export function registerSale(world: World, asked: Asked, scenario: Scenario | undefined): Payment {
  const payment = register(world, asked, 'purchase', scenario);
  const now = world.now();
  const { redirectAfterMs, saleLimitMs } = world.settings;
  announceAtOnce(world, payment);
  if (payment.through === 'page') setStatus(world, payment, newest(payment), 'awaiting redirect result');
  else world.timeline.add(now + redirectAfterMs, () => sendToWallet(world, payment));
  world.timeline.add(now + saleLimitMs + AUTOMATIC_DECLINE_MS, () => expire(world, payment));
  return payment;
}

export const walletAddress = (world: World, payment: Payment): string =>
  `${world.origin()}/payment/wallet?t=${payment.token}`;

/**
 * Gate: the merchant must send the customer on, and learns where to from a callback. Whoever came back to the wallet by the
 * address of the first attempt, and answered already, is not asked again.
 */
function sendToWallet(world: World, payment: Payment): void {
  if (isFinal(payment) || payment.decided) return;
  if (isFinal(newest(payment))) addOperation(world, payment, 'sale');
  payment.decided = false;
  setStatus(world, payment, newest(payment), 'awaiting redirect result');
  const usual: Redirect = { body: treeOf({}) as Json, method: 'GET', url: walletAddress(world, payment) };
  const redirects = payment.scenario?.redirects?.(usual, payment) ?? [usual];
  for (const [index, redirect] of redirects.entries()) announce(world, payment, { redirect, index });
}

/** Whether the wallet is waiting for the customer's yes or no. */
export const isUndecided = (payment: Payment): boolean =>
  payment.type === 'purchase' &&
  !payment.decided &&
  (payment.status === 'awaiting redirect result' || payment.status === 'awaiting customer');

/** The customer says yes or no. Money has moved when this returns; the merchant learns it later. */
export function decide(world: World, payment: Payment, does: 'approve' | 'cancel', wallet: string): void {
  const end = payment.scenario?.end;
  if (end?.ignored) return;
  if (isFinal(newest(payment))) addOperation(world, payment, 'sale');
  payment.decided = true;
  payment.wallet = wallet;
  setStatus(world, payment, newest(payment), 'processing');
  const code = does === 'cancel' ? CANCELLED : charge(world, payment, wallet);
  world.timeline.add(world.now() + world.settings.resultAfterMs, () => conclude(world, payment, code));
}

const SUCCESS: Code = 0;
const GENERAL_DECLINE: Code = 20000;
const NO_FUNDS: Code = 20105;
const CANCELLED: Code = 20301;

const isFirstOfTwo = ({ scenario, operations }: Payment) =>
  scenario?.end?.secondAttempt === true && operations.length === 1;

function charge(world: World, payment: Payment, wallet: string): Code {
  const end = payment.scenario?.end;
  if (isFirstOfTwo(payment)) return NO_FUNDS;
  if (end?.code) return end.code;
  return debit(world, payment, wallet, payment.sum.amount + (end?.moreCentavos ?? 0)) ? SUCCESS : NO_FUNDS;
}

/** Now the merchant is told. */
function conclude(world: World, payment: Payment, code: Code): void {
  if (isFinal(payment)) return;
  const operation = newest(payment);
  operation.code = code;
  operation.provider = providerIds(world);
  if (payment.scenario?.end?.converts) {
    operation.converted = { amount: Math.round(operation.sum.amount / 50), currency: 'USD' };
  }
  setStatus(world, payment, operation, code === SUCCESS ? 'success' : 'decline');
  if (code === SUCCESS) payment.sum = { ...operation.sum };
  if (isFirstOfTwo(payment)) tryAgain(world, payment);
  announce(world, payment);
  reverseLater(world, payment);
}

/** The attempt is over, the payment is not. */
function tryAgain(world: World, payment: Payment): void {
  payment.status = 'awaiting customer';
  payment.decided = false;
  if (payment.through === 'page') return;
  world.timeline.add(world.now() + world.settings.redirectAfterMs, () => sendToWallet(world, payment));
}

/** Neither done nor refused within the limit. */
function expire(world: World, payment: Payment): void {
  if (isFinal(payment) || payment.decided) return;
  const operation = newest(payment);
  if (!isFinal(operation)) {
    operation.code = GENERAL_DECLINE;
    operation.provider = providerIds(world);
    setStatus(world, payment, operation, 'decline');
  }
  payment.status = 'decline';
  payment.date = world.now();
  announce(world, payment);
  reverseLater(world, payment);
}
