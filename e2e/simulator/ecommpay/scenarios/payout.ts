import type { Scenario } from './scenario.ts';

const common = { group: 'payout', touches: ['payout'], calls: 1 } as const;

/** How a payout ends, beside the group of requests, which holds for payouts too. */
export const payoutScenarios = [
  {
    ...common,
    name: 'payout-decline',
    title: 'Payout declined with 20102: account data',
    what: 'The payout is declined for its account number; nobody is paid, and staff corrects the number.',
    end: { code: 20102 },
  },
  {
    ...common,
    name: 'payout-decline-account',
    title: 'Payout declined with 20106: account unavailable',
    what: 'The payout is declined for the account; nobody is paid.',
    end: { code: 20106 },
  },
  {
    ...common,
    name: 'payout-without-sale',
    title: 'Payout refused with 2606: no earlier sale',
    what: 'The payout is refused as if this customer had never paid; nothing is registered, and nobody is paid.',
    refuses: 2606,
  },
  {
    ...common,
    name: 'payout-no-balance',
    title: 'Payout declined with 3028: no balance',
    what: "The merchant's balance is too small; nobody is paid, and staff tops it up.",
    end: { code: 3028 },
  },
  {
    ...common,
    name: 'payout-takes-days',
    title: 'Payout takes 40 hours',
    what: 'The payout is processed for 40 hours (daysMs) and then succeeds; the app goes on waiting and pays nobody twice.',
    end: { staysFor: 'processing' },
  },
  {
    ...common,
    name: 'payout-clarification',
    title: 'Payout wants more data',
    what: 'The payout says "awaiting clarification" for 40 hours and then succeeds; the app shows it as pending and tells staff.',
    end: { staysFor: 'awaiting clarification' },
  },
  {
    ...common,
    name: 'payout-internal-error',
    title: 'Payout: internal error, and paid after all',
    what: 'The payout says "internal error" for 40 hours and then succeeds; it was never failed.',
    end: { staysFor: 'internal error' },
  },
  {
    ...common,
    name: 'payout-decline-reversed',
    title: 'Payout declined, and paid after all',
    what: 'The payout is declined; after ten minutes (reversalAfterMs) the same operation turns to success and the money is gone.',
    end: { code: 20000, reversal: 'same operation' },
  },
] as const satisfies readonly Scenario[];
