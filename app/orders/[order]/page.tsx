import { Button } from '#components/button.tsx';
import { Card } from '#components/card.tsx';
import { FollowOrder } from '#components/follow-order.tsx';
import { Heading } from '#components/heading.tsx';
import { NotFoundNotice } from '#components/not-found-notice.tsx';
import { Notice } from '#components/notice.tsx';
import { OnceForm } from '#components/once-form.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { OrderLines } from '#components/order-lines.tsx';
import { HEADINGS, Outcome } from '#components/outcome.tsx';
import { ReceiptRows } from '#components/receipt-rows.tsx';
import { cancel } from '#lib/actions/cancel-order.ts';
import { payOrder } from '#lib/actions/pay-order.ts';
import { formatManila } from '#lib/base/dates.ts';
import { formatPesos } from '#lib/base/money.ts';
import { isWaiting } from '#lib/payments/order-status.ts';
import { viewOrder } from '#lib/payments/view-order.ts';
import { requestContext } from '#lib/runtime/request.ts';
import { findPickupCode } from '#lib/shop/fulfilment.ts';

type Props = { params: Promise<{ order: string }>; searchParams: Promise<{ notice?: string }> };

export default async function OrderPage({ params, searchParams }: Props) {
  const { deps, session } = await requestContext();
  const { MERCHANT_NAME: merchant, MERCHANT_SUPPORT: support } = deps.settings;
  if (!session) return <OpenFromMaya reason={undefined} support={support} />;
  const { order: id } = await params;
  const viewed = await viewOrder(deps, session, id);
  if (!viewed) return <NotFoundNotice />;
  const { order, status } = viewed;
  const { state, payment, duplicate } = status;
  const payable = status.payable && session.live;
  const pickupCode = state === 'approved' ? await findPickupCode(deps.store.db, order.id) : null;
  const waitsForCode = state === 'approved' && pickupCode === null;
  return (
    <>
      <Notice name={(await searchParams).notice} />
      <Heading>{HEADINGS[state]}</Heading>
      <div role="status" className="mt-2">
        <Outcome
          state={state}
          reason={payment?.reason ?? null}
          totalCentavos={order.totalCentavos}
          merchant={merchant}
          support={support}
        />
      </div>
      {duplicate && (
        <Card>
          <h2 className="font-semibold text-bad">You were charged twice</h2>
          <p className="mt-1">
            {merchant} owes you {formatPesos(duplicate.amount_centavos)}. Reference {duplicate.id}. Contact{' '}
            {support}.
          </p>
        </Card>
      )}
      {(isWaiting(state) || waitsForCode) && (
        <FollowOrder
          order={order.id}
          state={state}
          updatedAt={status.updatedAtMs}
          waitsForMore={waitsForCode}
        />
      )}
      <Card>
        <OrderLines lines={order.lines} totalCentavos={order.totalCentavos} />
      </Card>
      <Card>
        <ReceiptRows
          rows={[
            ['Pick-up code', waitsForCode ? 'on its way' : pickupCode],
            ['Paid to', merchant],
            ['Paid with', state === 'approved' ? 'Maya Wallet' : null],
            ['Maya payment', state === 'open' ? null : (payment?.provider_id ?? null)],
            ['Reference', order.id],
            ['Date', formatManila(payment?.opened_at ?? order.createdAtMs)],
          ]}
        />
      </Card>
      {payable && (
        <>
          <div className="mt-4">
            <OnceForm
              action={payOrder}
              fields={{ order: order.id, version: order.version }}
              label={`Pay ${formatPesos(order.totalCentavos)}`}
              pendingLabel="Paying"
            />
          </div>
          <form action={cancel} className="mt-3">
            <input type="hidden" name="order" value={order.id} />
            <Button type="submit" look="quiet" className="w-full">
              Cancel order
            </Button>
          </form>
        </>
      )}
    </>
  );
}
