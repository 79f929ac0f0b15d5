import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { formatManilaTime } from '#lib/base/dates.ts';
import { formatPesos } from '#lib/base/money.ts';
import { CancelOrder } from './cancel-order.tsx';
import { OnceForm } from './once-form.tsx';
import { SameTotalQuestion, type SimilarPayment } from './same-total-question.tsx';
import { TimeLeft } from './time-left.tsx';
import { troubleTexts } from './trouble.ts';

type Action = (form: FormData) => Promise<void>;

type Props = {
  order: { id: string; version: number; totalCentavos: number; expiresAtMs: number };
  nowMs: number;
  /** An earlier payment of the same total, about which the customer is asked. */
  similar: SimilarPayment | null;
  /** The key of the private link by which the customer came, where that is how. */
  orderKey?: string | undefined;
  pay: Action;
  /** Absent where this customer may not cancel. */
  cancel?: Action | undefined;
  /** What else the customer fills in. */
  children?: ReactNode;
};

/** Pay, with what the customer should know before, and cancel. */
export function PayPanel({ order, nowMs, similar, orderKey, pay, cancel, children }: Props) {
  const t = useTranslations();
  const locale = useLocale();
  const fields = {
    order: order.id,
    version: order.version,
    ...(similar ? { seen: similar.id } : {}),
    ...(orderKey ? { key: orderKey } : {}),
  };
  const time = formatManilaTime(order.expiresAtMs, locale);
  return (
    <>
      {similar && <SameTotalQuestion payment={similar} />}
      <div className="mt-5 space-y-3">
        <OnceForm
          action={pay}
          fields={fields}
          label={t('order.pay', { amount: formatPesos(order.totalCentavos) })}
          pendingLabel={t('order.paying')}
          trouble={troubleTexts(t)}
          lookAt={`/orders/${order.id}${orderKey ? `?key=${orderKey}` : ''}`}
        >
          {children}
        </OnceForm>
        <div className="while-idle space-y-3">
          <TimeLeft
            leftMs={order.expiresAtMs - nowMs}
            sentence={t('order.minutesLeft', { minutes: '#', time })}
          />
          {cancel && <CancelOrder order={order.id} cancel={cancel} />}
        </div>
      </div>
    </>
  );
}
