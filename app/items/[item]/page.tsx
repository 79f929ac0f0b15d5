import { getLocale, getTranslations } from 'next-intl/server';
import { Heading } from '#components/heading.tsx';
import { ItemForm } from '#components/item-form.tsx';
import { NotFoundNotice } from '#components/not-found-notice.tsx';
import { Notice } from '#components/notice.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { TextLink } from '#components/text-link.tsx';
import { addToCart } from '#lib/actions/cart.ts';
import { formatPesos } from '#lib/base/money.ts';
import { pageContext, shopperOf } from '#lib/runtime/request.ts';
import { MAX_QUANTITY } from '#lib/shop/cart.ts';

type Props = { params: Promise<{ item: string }>; searchParams: Promise<{ notice?: string }> };

export default async function ItemPage({ params, searchParams }: Props) {
  const context = await pageContext();
  const { deps, session } = context;
  const shopper = shopperOf(context);
  if (!shopper)
    return (
      <OpenFromMaya reason={session ? 'session-over' : undefined} support={deps.settings.MERCHANT_SUPPORT} />
    );
  const item = await deps.catalogue.find((await params).item);
  if (!item) return <NotFoundNotice />;
  const t = await getTranslations('item');
  const locale = await getLocale();
  return (
    <>
      <Notice name={(await searchParams).notice} />
      <div className="gap-8 md:grid md:grid-cols-2">
        <img
          src={item.picture}
          alt=""
          width={400}
          height={400}
          className="aspect-4/3 w-full rounded-2xl object-cover md:aspect-square"
        />
        <div>
          <div className="mt-4 mb-5 md:mt-0">
            <Heading>{item.name[locale]}</Heading>
            {!item.amount && (
              <p className="mt-1 font-semibold text-lg tabular-nums">{formatPesos(item.priceCentavos)}</p>
            )}
            <p className="mt-1 text-muted">{item.description[locale]}</p>
          </div>
          <ItemForm item={item} maxQuantity={MAX_QUANTITY} add={addToCart} />
          <p className="mt-2 text-center">
            <TextLink href="/">{t('back')}</TextLink>
          </p>
        </div>
      </div>
    </>
  );
}
