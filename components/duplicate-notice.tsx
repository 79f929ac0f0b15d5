import { useTranslations } from 'next-intl';
import { formatPesos } from '#lib/base/money.ts';
import { Card } from './card.tsx';

type Props = { merchant: string; amountCentavos: number; reference: string; support: string };

/** Two payments of one order came through: who owes what, and whom to ask. */
export function DuplicateNotice({ merchant, amountCentavos, reference, support }: Props) {
  const t = useTranslations('duplicate');
  return (
    <Card tone="bad">
      <h2 className="font-bold text-bad">{t('heading')}</h2>
      <p className="wrap-anywhere mt-1">
        {t('text', { merchant, amount: formatPesos(amountCentavos), reference, support })}
      </p>
    </Card>
  );
}
