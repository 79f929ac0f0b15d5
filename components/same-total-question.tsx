import { useLocale, useTranslations } from 'next-intl';
import { formatManilaTime } from '#lib/base/dates.ts';
import { formatPesos } from '#lib/base/money.ts';
import { Card } from './card.tsx';
import { TextLink } from './text-link.tsx';

/** An earlier payment of the same total; without an order where it may be another customer's. */
export type SimilarPayment = {
  id: string;
  amountCentavos: number;
  openedAtMs: number;
  orderId: string | null;
};

/** Asks before a second payment of the same total. */
export function SameTotalQuestion({ payment }: { payment: SimilarPayment }) {
  const t = useTranslations('similar');
  const locale = useLocale();
  return (
    <Card tone="warn">
      <h2 className="font-bold">{t('heading')}</h2>
      <p className="mt-1">
        {t(payment.orderId ? 'own' : 'before', {
          amount: formatPesos(payment.amountCentavos),
          time: formatManilaTime(payment.openedAtMs, locale),
        })}{' '}
        {t('text')}
      </p>
      {payment.orderId && <TextLink href={`/orders/${payment.orderId}`}>{t('see')}</TextLink>}
    </Card>
  );
}
