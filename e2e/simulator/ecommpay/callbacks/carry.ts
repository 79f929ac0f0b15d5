import type { World } from '../world.ts';
import type { Delivery } from './outbox.ts';

/** A callback to be sent now. */
export type CallbackCall = {
  /** To be given back with the answer. */
  number: number;
  url: string;
  headers: Record<string, string>;
  body: string;
  timeoutMs: number;
};

export type CallbackAnswer =
  | { kind: 'answer'; status: number; headers: Record<string, string>; body: string }
  | { kind: 'timeout' }
  | { kind: 'unreachable' };

/** Everything that is due, each once. */
export const takeDue = (world: World, nextNumber: () => number): CallbackCall[] =>
  world.outbox.take(world.now()).map((delivery) => prepare(world, delivery, nextNumber()));

function prepare(world: World, delivery: Delivery, number: number): CallbackCall {
  const { url, body, customer, paymentId: payment } = delivery;
  const headers = { 'content-type': 'application/json' };
  world.sending.set(number, delivery);
  world.log.open({
    number,
    at: world.now(),
    direction: 'to-app',
    call: 'callback',
    method: 'POST',
    path: URL.parse(url)?.pathname ?? url,
    customer,
    payment,
    scenario: world.payments.find(payment)?.scenario?.name ?? null,
    headers,
    body,
  });
  return { number, url, headers, body, timeoutMs: world.settings.callbackTimeoutMs };
}

/** What the merchant answered; says false where the callback is from before a reset. */
export function takeAnswer(world: World, number: number, answer: CallbackAnswer): boolean {
  const delivery = world.sending.get(number);
  if (!delivery) return false;
  world.sending.delete(number);
  world.log.answer(number, answer);
  world.log.end(number, world.now(), answer.kind === 'answer');
  if (answer.kind === 'answer') judge(world, number, delivery, answer.status);
  world.outbox.answered(delivery, answer.kind === 'answer' ? answer.status : answer.kind, world.now());
  return true;
}

function judge(world: World, number: number, delivery: Delivery, status: number): void {
  const report = (kind: 'callback-answer' | 'callback-forged-accepted', detail: string) =>
    world.violations.add({
      at: world.now(),
      kind,
      call: 'callback',
      detail,
      customer: delivery.customer,
      payment: delivery.paymentId,
      number,
    });
  if (delivery.forged && status >= 200 && status <= 299) {
    report('callback-forged-accepted', `A callback without a true signature was answered ${status}`);
  } else if (status > 200 && status <= 399) {
    report('callback-answer', `A callback was answered ${status}; only 200 takes it`);
  }
}
