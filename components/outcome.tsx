import { useTranslations } from 'next-intl';
import { formatPesos } from '#lib/base/money.ts';
import { StatusHeading } from './status-heading.tsx';
import { type Look, StatusIcon } from './status-icon.tsx';

type State =
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

type Props = {
  state: State;
  /** Why, by the store's reason: Maya's code for a decline, ours for a failure. */
  reason: string | null;
  totalCentavos: number;
  merchant: string;
  /** Which wallet's word is waited for. */
  rail: string;
  /** Whether the page offers to pay. */
  payable: boolean;
};

const LOOK: Record<State, Look> = {
  open: 'over',
  creating: 'waiting',
  created: 'waiting',
  executing: 'waiting',
  review: 'waiting',
  approved: 'good',
  declined: 'bad',
  failed: 'bad',
  expired: 'over',
  cancelled: 'over',
};

/** Maya's codes for a decline that the customer can do something about (contract 11.1). */
const DECLINED_BECAUSE: Readonly<Record<string, 'declinedBalance' | 'declinedLimit'>> = {
  PY0105: 'declinedBalance',
  PY0123: 'declinedLimit',
};

/** How a payment stands: what is true now, and what to do. */
export function Outcome(props: Props) {
  const t = useTranslations('states');
  return (
    <div className="py-4 text-center">
      <StatusIcon look={LOOK[props.state]} />
      <StatusHeading>{t(props.state)}</StatusHeading>
      <div role="status" className="mx-auto mt-2 max-w-prose text-pretty">
        <Sentences {...props} />
      </div>
    </div>
  );
}

function Sentences({ state, reason, totalCentavos, merchant, rail, payable }: Props) {
  const t = useTranslations('outcome');
  const outside = useTranslations('outside');
  const isOutside = rail === 'ecommpay';
  switch (state) {
    case 'approved':
      return <p>{(isOutside ? outside : t)('approved', { amount: formatPesos(totalCentavos), merchant })}</p>;
    case 'declined':
      return <p>{t(DECLINED_BECAUSE[reason ?? ''] ?? 'declined')}</p>;
    case 'failed':
      return <p>{t(reason === 'session_over' ? 'failedSession' : 'failed')}</p>;
    case 'expired':
    case 'cancelled':
      return <p>{t(state)}</p>;
    case 'open':
      return <p>{t(payable ? 'open' : 'openElsewhere')}</p>;
    default:
      return (
        <>
          <p>{state === 'review' ? t('review') : (isOutside ? outside : t)('waiting')}</p>
          <p className="mt-1 font-semibold">{t('once')}</p>
          <p className="mt-1 text-muted text-sm">{t('follows')}</p>
        </>
      );
  }
}
