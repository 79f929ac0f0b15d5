import { getLocale, getTranslations } from 'next-intl/server';
import { Heading } from '#components/heading.tsx';
import { ItemCard } from '#components/item-card.tsx';
import { Notice } from '#components/notice.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { PendingNotice } from '#components/pending-notice.tsx';
import { addToCart } from '#lib/actions/cart.ts';
import { newestUnsettled } from '#lib/payments/earlier-payments.ts';
import { pageContext, shopperOf } from '#lib/runtime/request.ts';
import { SAMPLE_PICKUP } from '#lib/shop/sample-catalogue.ts';
import { bySection } from '#lib/shop/sections.ts';

type Search = Promise<{ notice?: string; launched?: string; open?: string }>;

export default async function ShopPage({ searchParams }: { searchParams: Search }) {
  const { notice, launched, open } = await searchParams;
  const context = await pageContext();
  const { deps, session } = context;
  const shopper = shopperOf(context);
  // A launch that left no session: this is Maya's webview, and it drops cookies.
  if (!shopper || (launched && !session)) {
    const reason = session ? 'session-over' : launched ? 'cookies' : open;
    return <OpenFromMaya reason={reason} support={deps.settings.MERCHANT_SUPPORT} />;
  }
  const t = await getTranslations();
  const locale = await getLocale();
  const pending = await newestUnsettled(deps.store.db, shopper.owner);
  return (
    <>
      <Notice name={notice} />
      <Heading>{t('headings.shop')}</Heading>
      <p className="mt-1 text-muted">{t(shopper.inMaya ? 'shop.lead' : 'shop.leadOutside')}</p>
      <p className="mt-1 text-sm">
        <span className="font-medium">{t('shop.pickUp')}</span>{' '}
        <span className="text-muted">{SAMPLE_PICKUP[locale]}</span>
      </p>
      {pending && <PendingNotice payment={pending} />}
      {bySection(await deps.catalogue.list()).map(({ section, items }) => (
        <section key={section.en} className="mt-7">
          <h2 className="mb-3 font-bold text-lg tracking-tight">{section[locale]}</h2>
          <ul className="grid gap-3 md:grid-cols-2">
            {items.map((item) => (
              <ItemCard key={item.id} item={item} add={addToCart} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
