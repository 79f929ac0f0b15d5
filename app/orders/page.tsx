import Link from 'next/link';
import { getLocale, getTranslations } from 'next-intl/server';
import { Card } from '#components/card.tsx';
import { Heading } from '#components/heading.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { wordsOf } from '#components/order-lines.tsx';
import { TextLink } from '#components/text-link.tsx';
import { formatManila } from '#lib/base/dates.ts';
import { formatPesos } from '#lib/base/money.ts';
import { listOrders } from '#lib/orders/order.ts';
import { orderStatus } from '#lib/payments/order-status.ts';
import { pageContext, shopperOf } from '#lib/runtime/request.ts';

export default async function OrdersPage() {
  const context = await pageContext();
  const { deps, session } = context;
  // Also a session that is over still shows its own orders.
  const owner = session ?? shopperOf(context)?.owner;
  if (!owner) return <OpenFromMaya reason={undefined} support={deps.settings.MERCHANT_SUPPORT} />;
  const t = await getTranslations();
  const locale = await getLocale();
  const orders = await listOrders(deps.store.db, owner);
  const rows = await Promise.all(
    orders.map(async (order) => ({
      order,
      status: await orderStatus(deps.store.db, order, deps.clock.now()),
    })),
  );
  return (
    <div className="mx-auto max-w-xl">
      <Heading>{t('headings.orders')}</Heading>
      {rows.length === 0 && (
        <Card>
          <p>{t('orders.empty')}</p>
          <TextLink href="/">{t('orders.browse')}</TextLink>
        </Card>
      )}
      <ul className="mt-4 space-y-3">
        {rows.map(({ order, status }) => (
          <li key={order.id}>
            <Link
              href={`/orders/${order.id}`}
              prefetch={false}
              className="block rounded-2xl border border-line bg-surface p-4"
            >
              <span className="flex flex-wrap justify-between gap-x-4 font-semibold">
                <span>{order.lines.map((line) => wordsOf(line, locale).name).join(', ')}</span>
                <span className="shrink-0 tabular-nums">
                  {status.paidCentavos === null ? t('orders.notInPesos') : formatPesos(status.paidCentavos)}
                </span>
              </span>
              <span className="mt-1 flex flex-wrap justify-between gap-x-4 text-muted text-sm">
                <span className={status.state === 'approved' ? 'text-good' : ''}>
                  {t(`labels.${status.state}`)}
                </span>
                <span>{formatManila(order.createdAtMs, locale)}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
