import { getLocale, getTranslations } from 'next-intl/server';
import { Card } from '#components/card.tsx';
import { DuplicateNotice } from '#components/duplicate-notice.tsx';
import { FollowOrder } from '#components/follow-order.tsx';
import { NotFoundNotice } from '#components/not-found-notice.tsx';
import { Notice } from '#components/notice.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { OrderLines } from '#components/order-lines.tsx';
import { Outcome } from '#components/outcome.tsx';
import { PayPanel } from '#components/pay-panel.tsx';
import { PickUpCode } from '#components/pick-up-code.tsx';
import { ReceiptRows } from '#components/receipt-rows.tsx';
import { TextLink } from '#components/text-link.tsx';
import { cancel } from '#lib/actions/cancel-order.ts';
import { payOrder } from '#lib/actions/pay-order.ts';
import { formatManila } from '#lib/base/dates.ts';
import { sameTotalLately } from '#lib/payments/earlier-payments.ts';
import { isWaiting } from '#lib/payments/order-status.ts';
import { viewOrder } from '#lib/payments/view-order.ts';
import { pageContext } from '#lib/runtime/request.ts';
import { findPickupCode } from '#lib/shop/fulfilment.ts';

type Props = { params: Promise<{ order: string }>; searchParams: Promise<{ notice?: string }> };

export default async function OrderPage({ params, searchParams }: Props) {
  const { deps, session } = await pageContext();
  const { MERCHANT_NAME: merchant, MERCHANT_SUPPORT: support } = deps.settings;
  if (!session) return <OpenFromMaya reason={undefined} support={support} />;
  const { order: id } = await params;
  const viewed = await viewOrder(deps, session, id);
  if (!viewed) return <NotFoundNotice />;
  const { order, status } = viewed;
  const { state, payment, duplicate } = status;
  const paid = state === 'approved';
  const pickupCode = paid ? await findPickupCode(deps.store.db, order.id) : null;
  const waitsForCode = paid && pickupCode === null;
  const t = await getTranslations();
  const date = formatManila(payment?.opened_at ?? order.createdAtMs, await getLocale());
  const copy = (label: string) => ({
    label: t('order.copyNamed', { name: label }),
    text: t('order.copy'),
    done: t('order.copied'),
  });
  return (
    <div className="mx-auto max-w-xl">
      <Notice name={(await searchParams).notice} />
      <Outcome
        state={state}
        reason={payment?.reason ?? null}
        totalCentavos={order.totalCentavos}
        merchant={merchant}
      />
      {duplicate && (
        <DuplicateNotice
          merchant={merchant}
          amountCentavos={duplicate.amount_centavos}
          reference={duplicate.id}
          support={support}
        />
      )}
      {(isWaiting(state) || waitsForCode) && (
        <FollowOrder
          order={order.id}
          state={state}
          updatedAt={status.updatedAtMs}
          waitsForMore={waitsForCode}
          stale={t('trouble.stale')}
        />
      )}
      {paid && <PickUpCode code={pickupCode} />}
      <Card>
        <OrderLines lines={order.lines} totalCentavos={order.totalCentavos} />
      </Card>
      <Card>
        <ReceiptRows
          rows={[
            { label: t(paid ? 'order.paidTo' : 'order.payTo'), value: merchant },
            { label: t('order.paidWith'), value: paid ? t('order.mayaWallet') : null },
            { label: t('order.status'), value: t(`labels.${state}`) },
            { label: t(isWaiting(state) ? 'order.since' : 'order.date'), value: date },
            {
              label: t('order.mayaPayment'),
              value: state === 'open' ? null : (payment?.provider_id ?? null),
              copy: copy(t('order.mayaPayment')),
            },
            { label: t('order.reference'), value: order.id, copy: copy(t('order.reference')) },
            { label: t('order.questions'), value: support },
          ]}
        />
      </Card>
      {status.payable && session.live && (
        <PayPanel
          order={order}
          nowMs={deps.clock.now()}
          similar={await sameTotalLately(deps.store.db, session, order.id)}
          pay={payOrder}
          cancel={cancel}
        />
      )}
      {session.live && (
        <p className="mt-4 text-center">
          <TextLink href="/">{t('order.backToShop')}</TextLink>
        </p>
      )}
    </div>
  );
}
