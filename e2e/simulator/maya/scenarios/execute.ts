import {
  alreadyProcessed,
  badGatewayPage,
  insufficientBalance,
  paymentDoesNotExist,
  serverError,
} from '../answers.ts';
import { paymentBody } from '../payments.ts';
import { randomUuid } from '../randomness.ts';
import { json, type Outcome } from '../reply.ts';
import type { ExecuteTwist, Scenario, Usual } from './scenario.ts';

const ONE_PESO_CENTAVOS = 100;

const hang = (): Outcome => ({ kind: 'hang' });
const reset = (): Outcome => ({ kind: 'reset' });

/** The wallet does what it does, and the merchant does not learn it from this answer. */
const processed = (answer: (usual: Usual) => Outcome) => (): ExecuteTwist => ({ money: 'usual', answer });
const untouched = (answer: () => Outcome) => (): ExecuteTwist => ({ money: 'untouched', answer });

const approvedBody = ({ payment }: Usual) => ({ ...paymentBody(payment), status: 'APPROVED' });

const wholeText = (usual: Usual) => JSON.stringify(approvedBody(usual));

const common = { group: 'execute', scope: 'customer', calls: 1, touches: ['execute'] } as const;

/**
 * Execute goes wrong. Wherever the money may have moved, it has: that is the worst case. Only the scenarios whose text says
 * so leave the wallet alone.
 */
export const executeScenarios = [
  {
    ...common,
    name: 'execute-timeout-charged',
    title: 'Execute is never answered, charged',
    what: 'The wallet is debited and execute never answered; the app shows "Confirming your payment", repeats the same id, and then "Payment successful".',
    execute: processed(hang),
  },
  {
    ...common,
    name: 'execute-timeout-uncharged',
    title: 'Execute is never answered, not charged',
    what: 'Nothing is debited and execute never answered; the app shows "Confirming your payment", and the repeat of the same id charges once.',
    execute: untouched(hang),
  },
  {
    ...common,
    name: 'execute-reset-charged',
    title: 'Execute: connection reset, charged',
    what: 'The wallet is debited and the connection breaks; the app repeats the same id and then shows "Payment successful".',
    execute: processed(reset),
  },
  {
    ...common,
    name: 'execute-500-charged',
    title: 'Execute: 500, charged',
    what: 'The wallet is debited and execute answers 500; the app repeats the same id and then shows "Payment successful".',
    execute: processed(serverError),
  },
  {
    ...common,
    name: 'execute-502-html',
    title: 'Execute: 502 with a web page, charged',
    what: "The wallet is debited and a gateway answers 502 with HTML; the app repeats the same id and shows none of the gateway's text.",
    execute: processed(badGatewayPage),
  },
  {
    ...common,
    name: 'execute-malformed-json',
    title: 'Execute: broken JSON, charged',
    what: 'The wallet is debited and the 200 carries JSON that ends too early; the app repeats the same id.',
    execute: processed((usual) => ({
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: wholeText(usual).slice(0, -12),
    })),
  },
  {
    ...common,
    name: 'execute-truncated',
    title: 'Execute: answer cut off, charged',
    what: 'The wallet is debited and the connection dies in the middle of the answer; the app repeats the same id.',
    execute: processed((usual) => ({
      kind: 'truncated',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: wholeText(usual),
    })),
  },
  {
    ...common,
    name: 'execute-no-status',
    title: 'Execute: 200 without a status, charged',
    what: 'The wallet is debited and the 200 names no status; the app must not take it for success, and repeats the same id.',
    execute: processed(({ payment }) => json(200, paymentBody(payment))),
  },
  {
    ...common,
    name: 'execute-unknown-status',
    title: 'Execute: unknown status, charged',
    what: 'The wallet is debited and the 200 says PROCESSING; the app must not take it for success, and repeats the same id.',
    execute: processed(({ payment }) => json(200, { ...paymentBody(payment), status: 'PROCESSING' })),
  },
  {
    ...common,
    name: 'execute-other-id',
    title: "Execute: another payment's id, charged",
    what: 'The wallet is debited and the APPROVED speaks of another id; a person must look, and the app shows "Confirming your payment" with a reference.',
    execute: processed((usual) => json(200, { ...approvedBody(usual), id: randomUuid(usual.random) })),
  },
  {
    ...common,
    name: 'execute-wrong-amount',
    title: 'Execute: another amount, charged',
    what: 'The right amount is debited and the APPROVED names one peso more; a person must look, and the app shows "Confirming your payment" with a reference.',
    execute: processed((usual) =>
      json(200, {
        ...approvedBody(usual),
        amount: { currency: 'PHP', value: (usual.payment.amountCentavos + ONE_PESO_CENTAVOS) / 100 },
      }),
    ),
  },
  {
    ...common,
    name: 'execute-late',
    title: 'Execute answers after 30 s, charged',
    what: 'The wallet is debited at once and the answer comes after 30 s (lateMs); the app shows "Confirming your payment" meanwhile and asks nothing twice.',
    execute: (): ExecuteTwist => ({ money: 'usual', late: true }),
  },
  {
    ...common,
    name: 'execute-py0010-first',
    title: 'Execute: PY0010 at once, not charged',
    what: 'The first execute answers PY0010 though nothing was debited; a person must look, and the app shows "Confirming your payment" with a reference.',
    execute: untouched(alreadyProcessed),
  },
  {
    ...common,
    name: 'execute-py0009',
    title: 'Execute: PY0009, not charged',
    what: 'Execute answers 404 PY0009 and nothing is debited; the app shows "Payment failed" and offers to pay again.',
    execute: untouched(paymentDoesNotExist),
  },
  {
    ...common,
    name: 'execute-404',
    title: 'Execute: bare 404, not charged',
    what: 'Execute answers 404 with an empty body and nothing is debited; this proves nothing, so the app repeats the same id.',
    execute: untouched(() => ({ kind: 'answer', status: 404, headers: {}, body: '' })),
  },
  {
    ...common,
    name: 'execute-429',
    title: 'Execute: 429, not charged',
    what: 'Execute answers 429 with Retry-After: 1 and nothing is debited; the app waits and repeats the same id.',
    execute: untouched(() => json(429, { message: 'Too Many Requests' }, { 'retry-after': '1' })),
  },
  {
    ...common,
    name: 'execute-balance-code-after-charge',
    title: 'Execute: charged unanswered, then PY0105',
    what: 'The first execute is debited and never answered, its repeat answers 400 PY0105; the app must not believe in a decline, and goes on confirming.',
    calls: 2,
    execute: (payment): ExecuteTwist =>
      payment.state === 'CREATED'
        ? { money: 'usual', answer: hang }
        : { money: 'untouched', answer: insufficientBalance },
  },
  {
    ...common,
    name: 'declined-answer-lost',
    title: 'Declined, and the answer is lost',
    what: 'The first execute is declined and never answered; repeats follow repeatAfterDeclined, so that PY0010 may speak of a decline.',
    execute: (payment): ExecuteTwist | undefined =>
      payment.state === 'CREATED' ? { money: 'declined', reason: 'risk', answer: hang } : undefined,
  },
] as const satisfies readonly Scenario[];
