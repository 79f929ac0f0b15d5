import type { Scenario } from './scenario.ts';

const common = { group: 'outcome', touches: ['page-sale', 'gate-sale'], calls: 1 } as const;

const ONE_PESO_CENTAVOS = 100;

/** How a sale ends. */
export const outcomeScenarios = [
  {
    ...common,
    name: 'success',
    title: 'Success',
    what: 'Everything works as the wallet allows: the customer approves, the wallet is debited, and the app shows "Payment successful" once the callback came.',
    touches: [],
    calls: 'always',
  },
  {
    ...common,
    name: 'decline-20000',
    title: 'Declined with 20000: general',
    what: 'The customer approves and the provider declines; nothing is debited, and the app shows "Payment declined".',
    end: { code: 20000 },
  },
  {
    ...common,
    name: 'decline-20101',
    title: 'Declined with 20101: amount or frequency limit',
    what: 'The customer approves and a limit declines; nothing is debited, and the app shows "Payment declined".',
    end: { code: 20101 },
  },
  {
    ...common,
    name: 'decline-20105',
    title: 'Declined with 20105: no funds',
    what: 'The customer approves and the wallet has too little; nothing is debited, and the app shows "Payment declined".',
    end: { code: 20105 },
  },
  {
    ...common,
    name: 'customer-walks-away',
    title: 'The customer walks away',
    what: 'Whatever is tapped in the wallet is forgotten: no result for the limit time (saleLimitMs), then the automatic decline 20000 some seconds after it; the app goes on confirming until then.',
    end: { ignored: true },
  },
  {
    ...common,
    name: 'second-attempt',
    title: 'Declined, and tried again',
    what: 'The first attempt is declined and the payment says "awaiting customer"; a second approval within the same payment debits once. A declined operation is no declined payment.',
    end: { secondAttempt: true },
  },
  {
    ...common,
    name: 'decline-reversed',
    title: 'Declined, and paid after all',
    what: 'The payment is declined; after ten minutes (reversalAfterMs) the same operation turns to success and the wallet is debited. The app records the truth, raises an alarm and tells the customer.',
    end: { code: 20000, reversal: 'same operation' },
  },
  {
    ...common,
    name: 'decline-reversed-by-hand',
    title: 'Declined, and changed by hand',
    what: 'The payment is declined; after ten minutes staff at ECommPay makes it a success with a second operation, "manual change", and the wallet is debited.',
    end: { code: 20000, reversal: 'by hand' },
  },
  {
    ...common,
    name: 'success-then-decline',
    title: 'Success, and then a decline',
    what: 'The wallet is debited and the success told; after ten minutes the same operation turns to decline though the money stays gone. The app never leaves success by itself, and raises an alarm.',
    end: { reversal: 'to decline' },
  },
  {
    ...common,
    name: 'paid-less',
    title: 'Another sum is paid',
    what: 'The customer pays one peso less than asked, and callback and status say so; a person must look.',
    end: { moreCentavos: -ONE_PESO_CENTAVOS },
  },
  {
    ...common,
    name: 'paid-converted',
    title: 'Paid in another currency',
    what: 'The wallet is debited as asked and sum_converted names dollars; sum_initial and the payment are as asked.',
    end: { converts: true },
  },
] as const satisfies readonly Scenario[];
