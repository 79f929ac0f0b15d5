import { redirect } from 'next/navigation';
import { Button } from '#components/button.tsx';
import { Card } from '#components/card.tsx';
import { Heading } from '#components/heading.tsx';
import { NotFoundNotice } from '#components/not-found-notice.tsx';
import { OnceForm } from '#components/once-form.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { OrderLines } from '#components/order-lines.tsx';
import { ReceiptRows } from '#components/receipt-rows.tsx';
import { cancel } from '#lib/actions/cancel-order.ts';
import { payOrder } from '#lib/actions/pay-order.ts';
import { formatManila } from '#lib/base/dates.ts';
import { formatPesos } from '#lib/base/money.ts';
import { viewOrder } from '#lib/payments/view-order.ts';
import { requestContext } from '#lib/runtime/request.ts';

export default async function CheckoutPage({ params }: { params: Promise<{ order: string }> }) {
  const { deps, session } = await requestContext();
  const { MERCHANT_NAME: merchant, MERCHANT_SUPPORT: support } = deps.settings;
  if (!session?.live) return <OpenFromMaya reason={session ? 'session-over' : undefined} support={support} />;
  const { order: id } = await params;
  const viewed = await viewOrder(deps, session, id);
  if (!viewed) return <NotFoundNotice />;
  const { order, status } = viewed;
  if (status.state !== 'open') redirect(`/orders/${order.id}`);
  return (
    <>
      <Heading>Checkout</Heading>
      <Card>
        <OrderLines lines={order.lines} totalCentavos={order.totalCentavos} />
      </Card>
      <Card>
        <ReceiptRows
          rows={[
            ['Pay to', merchant],
            ['Paid from', 'your Maya Wallet'],
            ['Maya account', session.accountHolder],
            ['Pay by', formatManila(order.expiresAtMs)],
            ['Questions?', support],
          ]}
        />
      </Card>
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
  );
}
