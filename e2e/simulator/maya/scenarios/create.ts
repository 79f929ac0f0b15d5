import { invalidParameter, serverError } from '../answers.ts';
import { json, type Outcome } from '../reply.ts';
import type { Scenario } from './scenario.ts';

const ONE_PESO_CENTAVOS = 100;

const common = { group: 'create', scope: 'customer', calls: 1, touches: ['create'] } as const;

/** Create goes wrong. No money moves at create, so the app may always start over. */
export const createScenarios = [
  {
    ...common,
    name: 'create-timeout',
    title: 'Create is never answered',
    what: 'Maya makes the payment but never answers create; nothing is debited, and the app makes another payment or shows "Payment failed".',
    create: { answer: (): Outcome => ({ kind: 'hang' }) },
  },
  {
    ...common,
    name: 'create-reset',
    title: 'Create: connection reset',
    what: 'Maya makes the payment but the connection breaks before the answer; nothing is debited, and the app makes another payment.',
    create: { answer: (): Outcome => ({ kind: 'reset' }) },
  },
  {
    ...common,
    name: 'create-500',
    title: 'Create: 500',
    what: 'Create answers 500 and makes no payment; the app tries again or shows "Payment failed".',
    create: { made: () => undefined, answer: serverError },
  },
  {
    ...common,
    name: 'create-wrong-amount',
    title: 'Create: another amount',
    what: 'Maya makes a payment of one peso more and says so; the app must not execute it, and shows "Payment failed".',
    create: {
      made: (asked) => ({ ...asked, amountCentavos: asked.amountCentavos + ONE_PESO_CENTAVOS }),
    },
  },
  {
    ...common,
    name: 'create-wrong-p2m',
    title: 'Create: another merchant',
    what: 'Maya makes a payment to another merchant and says so; the app must not execute it, and shows "Payment failed".',
    create: { made: (asked) => ({ ...asked, p2mId: `OTHER-${asked.p2mId}` }) },
  },
  {
    ...common,
    name: 'create-no-echo',
    title: 'Create: empty answer',
    what: 'Create answers 200 with {}; the app has no payment id, makes another payment or shows "Payment failed".',
    create: { answer: () => json(200, {}) },
  },
  {
    ...common,
    name: 'create-refused',
    title: 'Create: refused with 2553',
    what: 'Create answers 400 2553 and makes no payment; the app shows "Payment failed" without trying the same again.',
    create: {
      made: () => undefined,
      answer: () => invalidParameter('amount.value', 'is not accepted for this merchant'),
    },
  },
] as const satisfies readonly Scenario[];
