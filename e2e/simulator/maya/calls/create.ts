import { checkPaymentBody } from '../checks/payment-body.ts';
import { createdAnswer, type Payment } from '../payments.ts';
import { randomUuid } from '../randomness.ts';
import type { Outcome } from '../reply.ts';
import type { World } from '../world.ts';
import { admit } from './admit.ts';
import { type Call, referenceOf } from './call.ts';

/** `POST /merchant/payments`: a new id each time, and no money moves. */
export function create(world: World, call: Call): Outcome {
  const { amountCentavos, problems } = checkPaymentBody(call.request.body, world.credentials.p2mId);
  const { refusal, customer, meeting } = admit(world, call, problems);
  if (refusal) return refusal;

  const now = world.now();
  const asked: Payment = {
    id: randomUuid(world.random),
    customerId: customer.id,
    p2mId: world.credentials.p2mId,
    requestReferenceNumber: referenceOf(call.request),
    amountCentavos,
    state: 'CREATED',
    createdAt: now,
    updatedAt: now,
    expirySeconds: world.settings.paymentExpirySeconds,
    executes: [],
  };
  const twist = meeting?.scenario.create;
  if (meeting && twist) {
    meeting.use();
    call.scenario = meeting.scenario.name;
  }
  const made = twist?.made ? twist.made(asked) : asked;
  if (made) world.payments.add(made);
  const payment = made ?? asked;
  const outcome = createdAnswer(payment);
  return twist?.answer?.({ outcome, payment, random: world.random }) ?? outcome;
}
