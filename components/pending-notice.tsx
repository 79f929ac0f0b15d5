import { useTranslations } from 'next-intl';
import { formatPesos } from '#lib/base/money.ts';
import { Card } from './card.tsx';
import { TextLink } from './text-link.tsx';

type Props = { payment: { amountCentavos: number; orderId: string | null } };

/** A payment without an outcome, for whoever opens the shop again. Of another customer's it says no more than that. */
export function PendingNotice({ payment: { amountCentavos, orderId } }: Props) {
  const t = useTranslations('pending');
  return (
    <Card tone="warn">
      {orderId === null ? (
        <p>{t('before')}</p>
      ) : (
        <>
          <p>{t('own', { amount: formatPesos(amountCentavos) })}</p>
          <TextLink href={`/orders/${orderId}`}>{t('see')}</TextLink>
        </>
      )}
    </Card>
  );
}
