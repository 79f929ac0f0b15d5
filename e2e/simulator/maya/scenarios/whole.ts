import type { Payment } from '../payments.ts';
import type { Scenario } from './scenario.ts';

const common = { group: 'whole', scope: 'customer', calls: 'always' } as const;

const expiresAfter = (expirySeconds: number) => ({
  made: (asked: Payment): Payment => ({ ...asked, expirySeconds }),
});

/** How Maya is as a whole. These last until another scenario is chosen. */
export const wholeScenarios = [
  {
    ...common,
    name: 'payment-expiry-30s',
    title: 'Payments expire after 30 s',
    what: 'Payments of this customer can be executed for 30 s, then answer 404 PY0009; the app executes at once, so the payment goes through.',
    touches: ['create'],
    create: expiresAfter(30),
  },
  {
    ...common,
    name: 'payment-expiry-900s',
    title: 'Payments expire after 15 min',
    what: 'Payments of this customer can be executed for 15 minutes, then answer 404 PY0009; the app executes at once, so the payment goes through.',
    touches: ['create'],
    create: expiresAfter(900),
  },
  {
    ...common,
    name: 'everything-slow',
    title: 'Everything is slow',
    what: 'Each of this customer\'s calls is answered after 3 s (slowMs); the app shows "Confirming your payment" and then "Payment successful".',
    touches: ['create', 'execute', 'profile', 'refresh'],
    slow: true,
  },
] as const satisfies readonly Scenario[];
