/** What holds in every world. A violation begins with the name of its invariant. */
export const INVARIANTS = [
  'charged once', // at most one debit of an order
  'amount', // what is debited is what the page with Pay showed
  'shown paid', // shown as paid only what was debited
  'charge forgotten', // what was debited is shown as paid, being confirmed, or in review
  'told the truth', // shown as not paid: not debited later; Pay is not offered while the outcome is unknown
  'charged twice', // whoever was charged twice, since a provider took its word back, is told, and staff is to return it
  'paid out once', // a payout is paid at most once, to whom and with what staff wanted
  'shown paid out', // counts as paid out only what was
  'payout forgotten', // what was paid out is on record
  'first execute', // by the code that took the tap, in time, or not at all
  'an answer was given up', // what a living process heard is on record
  'settles', // soon after the faults end, every payment is final or in review
  'sessionId', // redeemed once
  'maya', // what leaves was recorded before, no old tokens, no mistake that Maya can see
  'ecommpay', // what leaves was recorded before, nothing is sent again too soon, no mistake that ECommPay can see
  'watched', // leases, claims, facts and seals are changed by their rules only
  'books', // orders, payments, outbox, alarms and tasks agree
  'reduction', // the same facts mean the same in every order
  'reasons', // nobody is asked without a cause
  'PY0010', // what was believed is on the list
  'no secret', // in no output and no table
  'no crash', // nothing is thrown that nobody expects
] as const;
