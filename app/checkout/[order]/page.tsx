import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { Card } from '#components/card.tsx';
import { Heading } from '#components/heading.tsx';
import { NotFoundNotice } from '#components/not-found-notice.tsx';
import { Notice } from '#components/notice.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { OrderLines } from '#components/order-lines.tsx';
import { OrderPay } from '#components/order-pay.tsx';
import { PrivateLink } from '#components/private-link.tsx';
import { ReceiptRows } from '#components/receipt-rows.tsx';
import { cancel } from '#lib/actions/cancel-order.ts';
import { payOrder } from '#lib/actions/pay-order.ts';
import { payOutside } from '#lib/actions/pay-outside.ts';
import { accessOrder, privateOrderUrl } from '#lib/runtime/order-access.ts';
import { payOffer } from '#lib/runtime/pay-offer.ts';
import { pageContext, shopperOf } from '#lib/runtime/request.ts';

type Props = { params: Promise<{ order: string }>; searchParams: Promise<{ notice?: string }> };

export default async function CheckoutPage({ params, searchParams }: Props) {
  const context = await pageContext();
  const { deps, session } = context;
  const { MERCHANT_NAME: merchant, MERCHANT_SUPPORT: support } = deps.settings;
  const shopper = shopperOf(context);
  if (!shopper) return <OpenFromMaya reason={session ? 'session-over' : undefined} support={support} />;
  const access = await accessOrder(context, (await params).order, undefined);
  if (!access) return <NotFoundNotice />;
  const { order, status } = access;
  if (status.state !== 'open') redirect(`/orders/${order.id}`);
  const t = await getTranslations();
  return (
    <div className="mx-auto max-w-xl">
      <Notice name={(await searchParams).notice} />
      <Heading>{t('headings.checkout')}</Heading>
      <Card>
        <OrderLines lines={order.lines} totalCentavos={order.totalCentavos} />
      </Card>
      <Card>
        <ReceiptRows
          rows={[
            { label: t('order.payTo'), value: merchant },
            { label: t('order.paidFrom'), value: t(shopper.inMaya ? 'order.wallet' : 'outside.paidFrom') },
            { label: t('order.account'), value: session?.accountHolder ?? null },
            { label: t('order.questions'), value: support },
          ]}
        />
      </Card>
      <OrderPay
        order={order}
        offer={await payOffer(context, access)}
        nowMs={deps.clock.now()}
        orderKey={undefined}
        isEmailWrong={false}
        pay={payOrder}
        payOutside={payOutside}
        cancel={cancel}
      />
      {shopper.inMaya && deps.ecommpay && (
        <div className="while-idle">
          <PrivateLink url={privateOrderUrl(context, order.id)} inMaya={true} />
        </div>
      )}
    </div>
  );
}
