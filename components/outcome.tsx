import { useTranslations } from 'next-intl';
import { formatPesos } from '#lib/base/money.ts';
import { outcomeWords, type State } from './outcome-words.ts';
import { StatusHeading } from './status-heading.tsx';
import { type Look, StatusIcon } from './status-icon.tsx';

type Props = {
  state: State;
  /** Why, by the store's reason: the provider's code for a decline, ours for a failure. */
  reason: string | null;
  /** `null`: in another currency. */
  amountCentavos: number | null;
  merchant: string;
  /** Which wallet's word is waited for. */
  rail: string;
  /** Whether the page offers to pay. */
  payable: boolean;
  /** Whether more than one payment seems to have come through already. */
  isTwice: boolean;
  /** Whether everything that was taken for this order was sent back. */
  isSentBack: boolean;
  /** Whether the order stands under this customer's orders; else it was shown by its link. */
  isOwn: boolean;
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

function Sentences(props: Props) {
  const { state, reason, amountCentavos, merchant, rail, payable, isTwice, isSentBack, isOwn } = props;
  const t = useTranslations();
  const said =
    amountCentavos === null
      ? t('outcome.approvedNotInPesos', { merchant })
      : t(outcomeWords(state, reason, rail, payable, isSentBack), {
          amount: formatPesos(amountCentavos),
          merchant,
        });
  if (LOOK[state] !== 'waiting') return <p>{said}</p>;
  return (
    <>
      <p>{said}</p>
      {!isTwice && <p className="mt-1 font-semibold">{t('outcome.once')}</p>}
      <p className="mt-1 text-muted text-sm">{t(isOwn ? 'outcome.follows' : 'outside.follows')}</p>
    </>
  );
}
