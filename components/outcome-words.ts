export type State =
  | 'open'
  | 'creating'
  | 'created'
  | 'executing'
  | 'approved'
  | 'declined'
  | 'failed'
  | 'review'
  | 'expired'
  | 'cancelled';

/** Declines that the customer can do something about: Maya's codes (contract 11.1), and ECommPay's (contract 10). */
const DECLINED_BECAUSE = {
  maya: { PY0105: 'outcome.declinedBalance', PY0123: 'outcome.declinedLimit' },
  ecommpay: {
    // A decline of its own has the same code as a payment whose time was over.
    20000: 'outside.declinedOrLate',
    20101: 'outside.declinedLimit',
    20105: 'outside.declinedBalance',
    20301: 'outside.declinedCancelled',
  },
} as const;

/** The provider did tell, but of other money than ours. */
const DIFFERS: ReadonlySet<string> = new Set(['money_differs', 'execute_mismatch']);

/**
 * Which sentence says how an order stands. It names the wallet that was really used.
 *
 * @param reason why, by the store's reason: the provider's code for a decline, ours for a failure
 * @param rail of the payment that the state speaks of
 * @param payable whether the page offers to pay
 * @param isSentBack whether money was taken for the order, and all of it sent back: then not "nothing was charged"
 */
export function outcomeWords(
  state: State,
  reason: string | null,
  rail: string,
  payable: boolean,
  isSentBack = false,
) {
  const isOutside = rail === 'ecommpay';
  if (isSentBack && (state === 'open' || state === 'failed'))
    return payable ? 'outcome.sentBackPay' : 'outcome.sentBack';
  if (isSentBack && (state === 'expired' || state === 'cancelled')) return 'outcome.sentBackOver';
  switch (state) {
    case 'approved':
      return isOutside ? 'outside.approved' : 'outcome.approved';
    case 'declined':
      if (isSentBack) return isOutside ? 'outside.sentBackDeclined' : 'outcome.sentBackDeclined';
      return declined(reason ?? '', isOutside);
    case 'failed':
      return reason === 'session_over' ? 'outcome.failedSession' : 'outcome.failed';
    case 'expired':
      return 'outcome.expired';
    case 'cancelled':
      return 'outcome.cancelled';
    case 'open':
      return payable ? 'outcome.open' : 'outcome.openElsewhere';
    case 'review':
      if (DIFFERS.has(reason ?? '')) return isOutside ? 'outside.reviewDiffers' : 'outcome.reviewDiffers';
      return isOutside ? 'outside.review' : 'outcome.review';
    default:
      return isOutside ? 'outside.waiting' : 'outcome.waiting';
  }
}

function declined(reason: string, isOutside: boolean) {
  const known: Readonly<Record<string, Known>> = DECLINED_BECAUSE[isOutside ? 'ecommpay' : 'maya'];
  return (
    (Object.hasOwn(known, reason) && known[reason]) || (isOutside ? 'outside.declined' : 'outcome.declined')
  );
}

type Rails = typeof DECLINED_BECAUSE;
type Known = Rails['maya'][keyof Rails['maya']] | Rails['ecommpay'][keyof Rails['ecommpay']];
