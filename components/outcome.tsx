import { formatPesos } from '#lib/base/money.ts';

export type OutcomeProps = {
  state: string;
  reason: string | null;
  totalCentavos: number;
  merchant: string;
  support: string;
};

/** Level 1 heading of an order's page. */
export const HEADINGS: Record<string, string> = {
  open: 'Your order',
  creating: 'Confirming your payment',
  created: 'Confirming your payment',
  executing: 'Confirming your payment',
  review: 'Confirming your payment',
  approved: 'Payment successful',
  declined: 'Payment declined',
  failed: 'Payment failed',
  expired: 'This order has expired',
  cancelled: 'Order cancelled',
};

const DECLINED_BECAUSE: Record<string, string> = {
  PY0105: 'There is not enough money in your Maya Wallet. Add money and try again.',
  PY0123: 'Your Maya account reached a limit.',
};

/** One or two sentences under the heading: what is true now, and what to do. */
export function Outcome({ state, reason, totalCentavos, merchant, support }: OutcomeProps) {
  const amount = formatPesos(totalCentavos);
  switch (state) {
    case 'approved':
      return (
        <p>
          {amount} was paid to {merchant} from your Maya Wallet.
        </p>
      );
    case 'declined':
      return (
        <p>
          {(reason && DECLINED_BECAUSE[reason]) ?? 'Maya declined this payment.'} Nothing was charged. You can
          try again.
        </p>
      );
    case 'failed':
      return <p>Nothing was charged. You can try again.</p>;
    case 'expired':
      return <p>It was not paid in time. Nothing was charged. You can order again from the shop.</p>;
    case 'cancelled':
      return <p>Nothing was charged. You can order again from the shop.</p>;
    case 'review':
      return (
        <p>
          Maya has not told us the result, so we are looking it up by hand. You will not be charged twice, and
          you do not have to do anything. Questions? {support}
        </p>
      );
    case 'open':
      return <p>This order is not paid yet.</p>;
    default:
      return (
        <p>
          We are waiting for Maya to confirm this payment. You will not be charged twice. This page follows by
          itself; you can also close it and come back. Questions? {support}
        </p>
      );
  }
}
