import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { Card } from '#components/card.tsx';
import { Heading } from '#components/heading.tsx';
import { NotFoundNotice } from '#components/not-found-notice.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { OrderLines } from '#components/order-lines.tsx';
import { PayPanel } from '#components/pay-panel.tsx';
import { ReceiptRows } from '#components/receipt-rows.tsx';
import { cancel } from '#lib/actions/cancel-order.ts';
import { payOrder } from '#lib/actions/pay-order.ts';
import { sameTotalLately } from '#lib/payments/earlier-payments.ts';
import { viewOrder } from '#lib/payments/view-order.ts';
import { pageContext } from '#lib/runtime/request.ts';

export default async function CheckoutPage({ params }: { params: Promise<{ order: string }> }) {
  const { deps, session } = await pageContext();
  const { MERCHANT_NAME: merchant, MERCHANT_SUPPORT: support } = deps.settings;
  if (!session?.live) return <OpenFromMaya reason={session ? 'session-over' : undefined} support={support} />;
  const { order: id } = await params;
  const viewed = await viewOrder(deps, session, id);
  if (!viewed) return <NotFoundNotice />;
  const { order, status } = viewed;
  if (status.state !== 'open') redirect(`/orders/${order.id}`);
  const t = await getTranslations();
  return (
    <div className="mx-auto max-w-xl">
      <Heading>{t('headings.checkout')}</Heading>
      <Card>
        <OrderLines lines={order.lines} totalCentavos={order.totalCentavos} />
      </Card>
      <Card>
        <ReceiptRows
          rows={[
            { label: t('order.payTo'), value: merchant },
            { label: t('order.paidFrom'), value: t('order.wallet') },
            { label: t('order.account'), value: session.accountHolder },
            { label: t('order.questions'), value: support },
          ]}
        />
      </Card>
      <PayPanel
        order={order}
        nowMs={deps.clock.now()}
        similar={await sameTotalLately(deps.store.db, session, order.id)}
        pay={payOrder}
        cancel={cancel}
      />
    </div>
  );
}
