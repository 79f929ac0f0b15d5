import { announce } from '../callbacks/announce.ts';
import type { Code } from '../codes.ts';
import type { World } from '../world.ts';
import { debit } from './debit.ts';
import { isFinal, newest, type Payment } from './payment.ts';
import { payoutBalance } from './payout-balance.ts';
import { addOperation, setStatus } from './register.ts';

/** What ECommPay's own staff, or a late provider, makes of a payment that was over. */

const SUCCESS: Code = 0;
const GENERAL_DECLINE: Code = 20000;

/** After `reversalAfterMs`, where the payment is over and its scenario says so. */
export function reverseLater(world: World, payment: Payment): void {
  const how = payment.scenario?.end?.reversal;
  if (how === undefined || !isFinal(payment)) return;
  world.timeline.add(world.now() + world.settings.reversalAfterMs, () => {
    if (how === 'to decline') {
      if (payment.status === 'success') settle(world, payment, GENERAL_DECLINE);
      return;
    }
    if (payment.status !== 'decline') return;
    if (how === 'by hand') addOperation(world, payment, 'manual change');
    if (moveMoney(world, payment)) settle(world, payment, SUCCESS);
  });
}

function moveMoney(world: World, payment: Payment): boolean {
  if (payment.type === 'purchase') {
    // Whoever never came to the wallet's page paid some other way.
    payment.wallet ??= world.wallets.list()[0]?.id ?? '';
    return debit(world, payment, payment.wallet, payment.sum.amount);
  }
  const operationId = newest(payment).id;
  world.ledger.payOut(payment, operationId, payoutBalance(world) - payment.sum.amount, world.now());
  return true;
}

function settle(world: World, payment: Payment, code: Code): void {
  const operation = newest(payment);
  operation.code = code;
  setStatus(world, payment, operation, code === SUCCESS ? 'success' : 'decline');
  announce(world, payment);
}
