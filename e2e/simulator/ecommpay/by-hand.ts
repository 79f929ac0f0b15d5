import { z } from 'zod';
import { Mistake } from '../maya/mistake.ts';
import type { Payment } from './payments/payment.ts';
import { decide, isUndecided } from './payments/sale.ts';
import { walletOf } from './wallets.ts';
import type { World } from './world.ts';

/** What a test or a developer does in somebody's stead. */

const acting = z.strictObject({
  payment: z.string(),
  does: z.enum(['approve', 'cancel']),
  wallet: z.string().optional(),
});

/** The customer's answer on the wallet's page. Throws a `Mistake` where that page would not ask. */
export function act(world: World, request: unknown): Payment {
  const parsed = acting.safeParse(request);
  if (!parsed.success) {
    throw new Mistake(
      400,
      'invalid_act',
      z.prettifyError(parsed.error),
      'Send {"payment": "the merchant\'s id", "does": "approve" | "cancel", "wallet": "maria"}.',
    );
  }
  const { payment: id, does, wallet } = parsed.data;
  const payment = world.payments.find(id);
  if (!payment) {
    throw new Mistake(
      404,
      'unknown_payment',
      `There is no payment "${id}".`,
      'See GET /_sim/payments?rail=ecommpay.',
    );
  }
  if (!isUndecided(payment)) {
    throw new Mistake(
      409,
      'nothing_to_decide',
      `The wallet asks nothing about this payment; it is "${payment.status}".`,
      'Wait until it is "awaiting redirect result".',
    );
  }
  const [first] = world.wallets.list();
  decide(world, payment, does, walletOf(world.wallets, wallet ?? first?.id ?? '').id);
  return payment;
}

const replaying = z.strictObject({ id: z.int() });

/** Sends a callback once more, word for word, whatever was answered. Throws a `Mistake` where there is none. */
export function replay(world: World, request: unknown): void {
  const parsed = replaying.safeParse(request);
  const delivery = parsed.success && world.outbox.list().find(({ id }) => id === parsed.data.id);
  if (!delivery) {
    throw new Mistake(
      404,
      'unknown_callback',
      'There is no such callback.',
      'Send {"id": 1} with an id of GET /_sim/callbacks.',
    );
  }
  const { paymentId, customer, url, body, forged } = delivery;
  world.outbox.add({ paymentId, customer, url, body, forged, times: 1, firstAt: world.now() });
}
