import { useLocale, useTranslations } from 'next-intl';
import { formatManilaTime } from '#lib/base/dates.ts';
import { formatPesos } from '#lib/base/money.ts';
import { Button } from './button.tsx';
import { Card } from './card.tsx';
import { OnceForm } from './once-form.tsx';
import { TextLink } from './text-link.tsx';
import { TimeLeft } from './time-left.tsx';
import { troubleTexts } from './trouble.ts';

type Action = (form: FormData) => Promise<void>;

type Props = {
  order: { id: string; version: number; totalCentavos: number; expiresAtMs: number };
  nowMs: number;
  /** An earlier payment of the same total, about which the customer is asked. */
  similar: { id: string; amountCentavos: number; openedAtMs: number; orderId: string | null } | null;
  pay: Action;
  cancel: Action;
};

/** Pay, with what the customer should know before, and cancel. */
export function PayPanel({ order, nowMs, similar, pay, cancel }: Props) {
  const t = useTranslations();
  const locale = useLocale();
  const fields = { order: order.id, version: order.version };
  const time = formatManilaTime(order.expiresAtMs, locale);
  return (
    <>
      {similar && (
        <Card tone="warn">
          <h2 className="font-bold">{t('similar.heading')}</h2>
          <p className="mt-1">
            {t(similar.orderId ? 'similar.own' : 'similar.before', {
              amount: formatPesos(similar.amountCentavos),
              time: formatManilaTime(similar.openedAtMs, locale),
            })}{' '}
            {t('similar.text')}
          </p>
          {similar.orderId && <TextLink href={`/orders/${similar.orderId}`}>{t('similar.see')}</TextLink>}
        </Card>
      )}
      <div className="mt-5 space-y-3">
        <OnceForm
          action={pay}
          fields={similar ? { ...fields, seen: similar.id } : fields}
          label={t('order.pay', { amount: formatPesos(order.totalCentavos) })}
          pendingLabel={t('order.paying')}
          trouble={troubleTexts(t)}
          lookAt={`/orders/${order.id}`}
        />
        <TimeLeft
          leftMs={order.expiresAtMs - nowMs}
          sentence={t('order.minutesLeft', { minutes: '#', time })}
        />
        <form action={cancel} className="text-center">
          <input type="hidden" name="order" value={order.id} />
          <Button type="submit" look="plain">
            {t('order.cancel')}
          </Button>
        </form>
      </div>
    </>
  );
}
