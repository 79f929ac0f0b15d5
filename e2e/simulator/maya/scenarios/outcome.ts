import { declinedByIssuer, insufficientBalance, limitReached } from '../answers.ts';
import type { Payment } from '../payments.ts';
import type { Outcome } from '../reply.ts';
import type { ExecuteTwist, Scenario } from './scenario.ts';

/** A decline is about money that could have moved, so a payment that was processed before is left alone. */
const declines =
  (reason: string, answer?: () => Outcome) =>
  (payment: Payment): ExecuteTwist | undefined =>
    payment.state === 'CREATED' ? { money: 'declined', reason, ...(answer ? { answer } : {}) } : undefined;

const common = { group: 'outcome', scope: 'customer', calls: 1, touches: ['execute'] } as const;

/** Maya answers, and the answer is final. */
export const outcomeScenarios = [
  {
    ...common,
    name: 'approved',
    title: 'Approved',
    what: 'Everything works as the wallet allows: enough balance is debited, and the app shows "Payment successful".',
    calls: 'always',
    touches: [],
  },
  {
    ...common,
    name: 'declined-balance',
    title: 'Declined: balance too low',
    what: 'Execute answers 200 DECLINED for the balance; nothing is debited, and the app shows "Payment declined" and offers to pay again.',
    execute: declines('insufficient_balance'),
  },
  {
    ...common,
    name: 'declined-limit',
    title: 'Declined: account limit reached',
    what: 'Execute answers 200 DECLINED for an account limit; nothing is debited, and the app shows "Payment declined" and offers to pay again.',
    execute: declines('limit_reached'),
  },
  {
    ...common,
    name: 'declined-risk',
    title: 'Declined: risk',
    what: 'Execute answers 200 DECLINED by a risk check; nothing is debited, and the app shows "Payment declined" and offers to pay again.',
    execute: declines('risk'),
  },
  {
    ...common,
    name: 'declined-balance-code',
    title: 'Declined by code PY0105: balance too low',
    what: 'Execute answers 400 PY0105; nothing is debited, and the app shows "Payment declined" as it does for a DECLINED.',
    execute: declines('insufficient_balance', insufficientBalance),
  },
  {
    ...common,
    name: 'declined-limit-code',
    title: 'Declined by code PY0123: limit reached',
    what: 'Execute answers 400 PY0123; nothing is debited, and the app shows "Payment declined" as it does for a DECLINED.',
    execute: declines('limit_reached', limitReached),
  },
  {
    ...common,
    name: 'declined-risk-code',
    title: 'Declined by code PY0119: by the issuer',
    what: 'Execute answers 400 PY0119; nothing is debited, and the app shows "Payment declined" as it does for a DECLINED.',
    execute: declines('risk', declinedByIssuer),
  },
] as const satisfies readonly Scenario[];
