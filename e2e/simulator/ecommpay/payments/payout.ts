import { announce, announceAtOnce } from '../callbacks/announce.ts';
import type { Code } from '../codes.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { World } from '../world.ts';
import { isFinal, newest, type Payment } from './payment.ts';
import { payoutBalance } from './payout-balance.ts';
import { type Asked, AUTOMATIC_DECLINE_MS, providerIds, register, setStatus } from './register.ts';
import { reverseLater } from './reversal.ts';

/** A payout, from its registration to its end. */

const SUCCESS: Code = 0;
const GENERAL_DECLINE: Code = 20000;
const NO_BALANCE: Code = 3028;

export function registerPayout(world: World, asked: Asked, scenario: Scenario | undefined): Payment {
  const payment = register(world, asked, 'payout', scenario);
  const { payoutAfterMs, payoutLimitMs, daysMs } = world.settings;
  const now = world.now();
  announceAtOnce(world, payment);
  const staysFor = scenario?.end?.staysFor;
  if (staysFor && staysFor !== 'processing') {
    world.timeline.add(now + payoutAfterMs, () => {
      setStatus(world, payment, newest(payment), staysFor);
      announce(world, payment);
    });
  }
  const settlesAfterMs = staysFor ? payoutAfterMs + daysMs : payoutAfterMs;
  world.timeline.add(now + settlesAfterMs, () => payOut(world, payment));
  world.timeline.add(now + payoutLimitMs + AUTOMATIC_DECLINE_MS, () => {
    if (!isFinal(payment)) settle(world, payment, GENERAL_DECLINE);
  });
  return payment;
}

function payOut(world: World, payment: Payment): void {
  if (isFinal(payment)) return;
  const end = payment.scenario?.end;
  if (end?.code) settle(world, payment, end.code);
  else if (payoutBalance(world) < payment.sum.amount) settle(world, payment, NO_BALANCE);
  else settle(world, payment, SUCCESS);
  reverseLater(world, payment);
}

function settle(world: World, payment: Payment, code: Code): void {
  const operation = newest(payment);
  operation.code = code;
  operation.provider ??= providerIds(world);
  if (code === SUCCESS) {
    world.ledger.payOut(payment, operation.id, payoutBalance(world) - payment.sum.amount, world.now());
  }
  setStatus(world, payment, operation, code === SUCCESS ? 'success' : 'decline');
  announce(world, payment);
}
