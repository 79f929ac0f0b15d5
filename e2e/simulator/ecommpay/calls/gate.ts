import { announceDuplicate } from '../callbacks/announce.ts';
import { checkSignature, readRequest } from '../checks/api-request.ts';
import { checkPayout, checkSale, checkStatus, type GateBody } from '../checks/gate-body.ts';
import type { Code } from '../codes.ts';
import type { Payment } from '../payments/payment.ts';
import { registerPayout } from '../payments/payout.ts';
import { registerSale } from '../payments/sale.ts';
import { json, type Outcome, refusal } from '../reply.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { stringToSign } from '../signature/sign.ts';
import { notFoundAnswer, statusAnswer } from '../status-answer.ts';
import type { World } from '../world.ts';
import { type Call, idsOf, refuseProblems, reportViolation } from './call.ts';
import { obstacleTo } from './obstacle.ts';

const MALFORMED: Code = 702;

/** `POST /v2/payment/wallet/paymaya/sale`: the customer will be sent to the wallet as a callback says. */
export const sale = (world: World, call: Call): Outcome => take(world, call, 'sale');

/** `POST /v2/payment/wallet/paymaya/payout`: money to somebody who paid before. */
export const payout = (world: World, call: Call): Outcome => take(world, call, 'payout');

function take(world: World, call: Call, type: 'sale' | 'payout'): Outcome {
  const { tree, problems } = readRequest(call.request);
  const check = type === 'sale' ? checkSale : checkPayout;
  const body = tree && check(tree, world.credentials, world.settings);
  call.payment = body?.paymentId ?? '';
  call.customer = body?.customerId ?? '';
  const signature = tree ? checkSignature(tree, world.credentials.secret) : [];
  const refused = refuseProblems(world, call, [...problems, ...signature, ...(body?.problems ?? [])]);
  if (refused || !body) return refused ?? refusal(MALFORMED);

  const asked = `${type} ${stringToSign(tree)}`;
  const known = world.payments.find(body.paymentId);
  if (known) return refuseRepeat(world, call, known, asked);

  const scenario = world.book.use(type === 'sale' ? 'gate-sale' : 'payout', {
    payment: body.paymentId,
    customer: body.customerId,
  });
  if (scenario) call.scenario = scenario.name;
  const obstacle = scenario?.refuses ?? obstacleTo(world, call, type, body);
  if (obstacle !== undefined) return refusal(obstacle, undefined, idsOf(world, call));
  if (scenario?.answersLate) call.delayMs += world.settings.answerLateMs;
  return registered(world, call, type, { ...body, asked }, scenario);
}

function registered(
  world: World,
  call: Call,
  type: 'sale' | 'payout',
  { paymentId, callbackUrl, ...asked }: Omit<GateBody, 'problems'> & { asked: string },
  scenario: Scenario | undefined,
): Outcome {
  const register = type === 'sale' ? registerSale : registerPayout;
  const payment = scenario?.forgets
    ? undefined
    : register(
        world,
        { ...asked, id: paymentId, through: 'gate', callbackUrl: callbackUrl || world.callbackUrl },
        scenario,
      );
  const outcome = json(200, {
    status: 'success',
    request_id: payment?.requestId ?? '',
    ...idsOf(world, call),
  });
  if (scenario?.answer) return scenario.answer({ outcome, world, paymentId, payment });
  if (payment) {
    call.onDelivered = () => {
      payment.answerDelivered = true;
    };
  }
  return outcome;
}

const DUPLICATE_ID: Code = 3041;

/** A lost answer excuses the same request again; anything else is two payments under one id. */
function refuseRepeat(world: World, call: Call, known: Payment, asked: string): Outcome {
  if (known.asked !== asked) {
    reportViolation(world, call, 'payment-id-reused', 'The payment id was used with another request before');
  } else if (known.answerDelivered) {
    reportViolation(
      world,
      call,
      'payment-id-reused',
      'The same request was taken before, and its answer delivered',
    );
  }
  if (world.settings.duplicateId === 'at-once') return refusal(DUPLICATE_ID, undefined, idsOf(world, call));
  announceDuplicate(world, known, DUPLICATE_ID);
  return json(200, { status: 'success', request_id: known.requestId, ...idsOf(world, call) });
}

/** `POST /v2/payment/status`: how a payment stands. */
export function status(world: World, call: Call): Outcome {
  const { tree, problems } = readRequest(call.request);
  const read = tree && checkStatus(tree, world.credentials);
  const paymentId = read?.paymentId ?? '';
  const payment = world.payments.find(paymentId);
  call.payment = paymentId;
  call.customer = payment?.customerId ?? '';
  const signature = tree ? checkSignature(tree, world.credentials.secret) : [];
  const refused = refuseProblems(world, call, [...problems, ...signature, ...(read?.problems ?? [])]);
  if (refused) return refused;

  const outcome = payment
    ? statusAnswer(world, payment)
    : notFoundAnswer(world, paymentId, world.settings.statusNotFound);
  const scenario = world.book.use('status', { payment: paymentId, customer: payment?.customerId });
  if (scenario) call.scenario = scenario.name;
  return scenario?.answer?.({ outcome, world, paymentId, payment }) ?? outcome;
}
