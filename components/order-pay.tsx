import { useTranslations } from 'next-intl';
import { formatPesos } from '#lib/base/money.ts';
import { CancelOrder } from './cancel-order.tsx';
import { Card } from './card.tsx';
import { ContinuePayment } from './continue-payment.tsx';
import { EmailField } from './email-field.tsx';
import { PayPanel } from './pay-panel.tsx';
import type { SimilarPayment } from './same-total-question.tsx';

type Action = (form: FormData) => Promise<void>;

export type OrderPayProps = {
  order: { id: string; version: number; totalCentavos: number; expiresAtMs: number };
  offer:
    | { kind: 'maya'; similar: SimilarPayment | null }
    | {
        kind: 'ecommpay';
        similar: SimilarPayment | null;
        limits: { minCentavos: number; maxCentavos: number };
        fits: boolean;
      }
    | { kind: 'continue'; untilMs: number | null; mayContinue: boolean }
    | { kind: 'none' };
  nowMs: number;
  /** The key of the private link by which the customer came. */
  orderKey: string | undefined;
  /** Whether the e-mail address that was sent a moment ago was none. */
  isEmailWrong: boolean;
  pay: Action;
  payOutside: Action;
  /** Absent where this customer may not cancel. */
  cancel: Action | undefined;
};

/** What an order's page offers to do about paying it. */
export function OrderPay(props: OrderPayProps) {
  const t = useTranslations('outside');
  const { order, offer, nowMs, orderKey } = props;
  const common = { order, nowMs, orderKey, cancel: props.cancel };
  switch (offer.kind) {
    case 'maya':
      return <PayPanel {...common} similar={offer.similar} pay={props.pay} />;
    case 'ecommpay':
      if (!offer.fits)
        return (
          <>
            <Card tone="warn">
              <p>
                {t('amount', {
                  min: formatPesos(offer.limits.minCentavos),
                  max: formatPesos(offer.limits.maxCentavos),
                })}{' '}
                {props.cancel && t('amountCancel')}
              </p>
            </Card>
            {props.cancel && (
              <div className="mt-3">
                <CancelOrder order={order.id} cancel={props.cancel} />
              </div>
            )}
          </>
        );
      return (
        <PayPanel {...common} similar={offer.similar} pay={props.payOutside}>
          <EmailField limits={offer.limits} isWrong={props.isEmailWrong} />
        </PayPanel>
      );
    case 'continue':
      return (
        <ContinuePayment
          untilMs={offer.untilMs}
          nowMs={nowMs}
          href={offer.mayContinue ? `/handover/${order.id}${orderKey ? `?key=${orderKey}` : ''}` : null}
        />
      );
    default:
      return null;
  }
}
