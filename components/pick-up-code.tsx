import { useTranslations } from 'next-intl';
import { Card } from './card.tsx';

type Props = {
  code: string | null;
  /** Whether it is for somebody else to see. */
  elsewhere: boolean;
};

/** What the customer shows at the counter; it comes a moment after the payment. */
export function PickUpCode({ code, elsewhere }: Props) {
  const t = useTranslations('order');
  return (
    <Card>
      <div className="text-center" role="status">
        <p className="text-muted text-sm">{t('pickUpCode')}</p>
        {code === null ? (
          <p className="mt-1 text-pretty">{t(elsewhere ? 'codeElsewhere' : 'codeComing')}</p>
        ) : (
          <>
            <p className="mt-1 font-bold font-mono text-3xl tracking-[0.2em]">{code}</p>
            <p className="mt-1 text-muted text-sm">{t('pickUpHint')}</p>
          </>
        )}
      </div>
    </Card>
  );
}
