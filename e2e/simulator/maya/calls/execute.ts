import { alreadyProcessed, declinedByIssuer, forbidden, paymentDoesNotExist } from '../answers.ts';
import { checkExecuteBody } from '../checks/payment-body.ts';
import type { Customer } from '../customers.ts';
import { executedAnswer, isExpired, type Payment } from '../payments.ts';
import type { Outcome } from '../reply.ts';
import type { ExecuteTwist } from '../scenarios/scenario.ts';
import type { World } from '../world.ts';
import { admit } from './admit.ts';
import { type Call, referenceOf, reportViolation } from './call.ts';

/** An id that waits longer for its first execute may be near its expiry: a client drops it and creates another. */
const FIRST_EXECUTE_LIMIT_MS = 20_000;

/** `POST /merchant/payments/{id}/execute`: the call that moves the money, once for each id. */
export function execute(world: World, call: Call): Outcome {
  const payment = world.payments.find(call.paymentId);
  const outcome = answer(world, call, payment);
  payment?.executes.push({
    at: world.now(),
    number: call.number,
    requestReferenceNumber: referenceOf(call.request),
    answer: wordFor(outcome),
  });
  return outcome;
}

function answer(world: World, call: Call, payment: Payment | undefined): Outcome {
  const other = world.open.numberOf('execute', call.paymentId);
  call.subject = call.paymentId;

  const { refusal, customer, meeting } = admit(world, call, checkExecuteBody(call.request.body));
  if (payment) judgeTiming(world, call, payment, other);
  if (refusal) return refusal;
  if (!payment) {
    reportViolation(world, call, 'payment-unknown', 'Execute names an id that create never answered');
    return paymentDoesNotExist();
  }
  if (payment.customerId !== customer.id) {
    reportViolation(
      world,
      call,
      'payment-of-another-customer',
      `The payment was created for ${payment.customerId}`,
    );
    return forbidden();
  }
  if (isExpired(payment, world.now())) return paymentDoesNotExist();

  const twist = meeting?.scenario.execute?.(payment);
  if (meeting && twist) {
    meeting.use();
    call.scenario = meeting.scenario.name;
    if (twist.late) call.delayMs += world.settings.lateMs;
  }
  const outcome = move(world, customer, payment, twist);
  return twist?.answer?.({ outcome, payment, random: world.random }) ?? outcome;
}

/** Both are wrong of the client, and both are processed as Maya would. */
function judgeTiming(world: World, call: Call, payment: Payment, other: number | undefined): void {
  const age = world.now() - payment.createdAt;
  if (payment.executes.length === 0 && age > FIRST_EXECUTE_LIMIT_MS) {
    reportViolation(world, call, 'execute-late', `The first execute came ${age} ms after create`);
  }
  if (other !== undefined) {
    reportViolation(world, call, 'executes-overlapping', `Execute ${other} of the same id is still open`);
  }
}

/** Lets the money move, or not, and gives the answer of an undisturbed Maya. */
function move(world: World, customer: Customer, payment: Payment, twist: ExecuteTwist | undefined): Outcome {
  if (twist?.money === 'untouched') return executedAnswer(payment);
  if (payment.state === 'APPROVED') return alreadyProcessed();
  if (payment.state === 'DECLINED') {
    return world.settings.repeatAfterDeclined === 'PY0010' ? alreadyProcessed() : declinedByIssuer();
  }
  payment.updatedAt = world.now();
  if (twist?.money === 'declined') {
    payment.state = 'DECLINED';
    payment.reason = twist.reason ?? 'declined';
  } else if (world.ledger.debit(customer, payment, world.now())) {
    payment.state = 'APPROVED';
  } else {
    payment.state = 'DECLINED';
    payment.reason = 'insufficient_balance';
  }
  return executedAnswer(payment);
}

function wordFor(outcome: Outcome): string {
  if (outcome.kind !== 'answer') return outcome.kind;
  const named = /"(?:status|code|error)":"(\w+)"/.exec(outcome.body)?.[1];
  return named ? `${outcome.status} ${named}` : String(outcome.status);
}
