import { getLocale, getTranslations } from 'next-intl/server';
import { Card } from '#components/card.tsx';
import { FollowOrder } from '#components/follow-order.tsx';
import { NotFoundNotice } from '#components/not-found-notice.tsx';
import { Notice } from '#components/notice.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { OrderLines } from '#components/order-lines.tsx';
import { OrderPay } from '#components/order-pay.tsx';
import { Outcome } from '#components/outcome.tsx';
import { PaidTwice } from '#components/paid-twice.tsx';
import { PickUpCode } from '#components/pick-up-code.tsx';
import { PrivateLink } from '#components/private-link.tsx';
import { ReceiptRows } from '#components/receipt-rows.tsx';
import { TextLink } from '#components/text-link.tsx';
import { cancel } from '#lib/actions/cancel-order.ts';
import { payOrder } from '#lib/actions/pay-order.ts';
import { payOutside } from '#lib/actions/pay-outside.ts';
import { formatManila } from '#lib/base/dates.ts';
import { isWaiting } from '#lib/payments/order-status.ts';
import { accessOrder, privateOrderUrl } from '#lib/runtime/order-access.ts';
import { paidTwice } from '#lib/runtime/paid-twice.ts';
import { payOffer } from '#lib/runtime/pay-offer.ts';
import { pageContext, shopperOf } from '#lib/runtime/request.ts';
import { lookAfterReturn } from '#lib/runtime/returned.ts';
import { findPickupCode } from '#lib/shop/fulfilment.ts';

type Search = Promise<{ notice?: string; key?: string; returned?: string }>;
type Props = { params: Promise<{ order: string }>; searchParams: Search };

export default async function OrderPage({ params, searchParams }: Props) {
  const context = await pageContext();
  const { deps, session } = context;
  const { MERCHANT_NAME: merchant, MERCHANT_SUPPORT: support } = deps.settings;
  const { notice, key, returned } = await searchParams;
  if (!session && !deps.ecommpay) return <OpenFromMaya reason={undefined} support={support} />;
  const access = await accessOrder(context, (await params).order, key);
  if (!access) return <NotFoundNotice />;
  if (returned) lookAfterReturn(context, access);
  const { order, status, isOwn, mayCollect } = access;
  const { state, payment } = status;
  const twice = await paidTwice(context, access);
  const paid = state === 'approved';
  const pickupCode = paid && mayCollect ? await findPickupCode(deps.store.db, order.id) : null;
  const waitsForCode = paid && mayCollect && pickupCode === null;
  const shopper = shopperOf(context);
  const orderKey = isOwn ? undefined : key;
  const t = await getTranslations();
  const date = formatManila(payment?.opened_at ?? order.createdAtMs, await getLocale());
  const isOutside = payment?.rail === 'ecommpay';
  const wallet = isOutside ? 'PayMaya' : t('order.mayaWallet');
  const paymentLabel = t(isOutside ? 'outside.payment' : 'order.mayaPayment');
  const copy = (label: string) => ({
    label: t('order.copyNamed', { name: label }),
    text: t('order.copy'),
    done: t('order.copied'),
  });
  const offer = await payOffer(context, access);
  // Whose wallet Pay would take it from: beside the button, as on the checkout page.
  const account = session?.accountHolder ?? null;
  const pay = (
    <OrderPay
      order={order}
      offer={offer}
      nowMs={deps.clock.now()}
      orderKey={orderKey}
      isEmailWrong={notice === 'email'}
      pay={payOrder}
      payOutside={payOutside}
      cancel={isOwn ? cancel : undefined}
    />
  );
  return (
    <div className="mx-auto max-w-xl">
      {/* What a tap came to a moment ago is not said beside what has become of the order since. */}
      {!paid && !isWaiting(state) && <Notice name={notice} />}
      <Outcome
        state={state}
        reason={payment?.reason ?? null}
        amountCentavos={status.paidCentavos}
        merchant={merchant}
        rail={payment?.rail ?? 'maya'}
        payable={access.payOn !== null}
        isTwice={twice !== null && twice.counts !== null}
        isSentBack={twice !== null && twice.counts === null}
        isOwn={isOwn}
      />
      {/* The one thing to do: before everything there is to read. */}
      {offer.kind === 'continue' && pay}
      {twice && <PaidTwice merchant={merchant} support={support} paid={twice} />}
      {(isWaiting(state) || waitsForCode) && (
        <FollowOrder
          order={order.id}
          orderKey={orderKey}
          state={state}
          updatedAt={status.updatedAtMs}
          waitsForMore={waitsForCode}
          stale={t('trouble.stale')}
          noAnswer={t('trouble.noAnswer')}
        />
      )}
      {paid && <PickUpCode code={pickupCode} elsewhere={!mayCollect} />}
      <Card>
        <OrderLines lines={order.lines} totalCentavos={order.totalCentavos} />
      </Card>
      <Card>
        <ReceiptRows
          rows={[
            { label: t(paid ? 'order.paidTo' : 'order.payTo'), value: merchant },
            { label: t('order.account'), value: offer.kind === 'maya' ? account : null },
            { label: t('order.paidWith'), value: paid ? wallet : null },
            { label: t('order.status'), value: t(`labels.${state}`) },
            { label: t(isWaiting(state) ? 'order.since' : 'order.date'), value: date },
            {
              label: paymentLabel,
              value: state === 'open' ? null : (payment?.provider_id ?? null),
              copy: copy(paymentLabel),
            },
            { label: t('order.reference'), value: order.id, copy: copy(t('order.reference')) },
            { label: t('order.questions'), value: support },
          ]}
        />
      </Card>
      {offer.kind !== 'continue' && pay}
      {access.payOn === 'ecommpay' && <PrivateLink url={privateOrderUrl(context, order.id)} inMaya={false} />}
      {shopper && (
        <p className="mt-4 text-center">
          <TextLink href="/">{t('order.backToShop')}</TextLink>
        </p>
      )}
    </div>
  );
}
