import { getTranslations } from 'next-intl/server';
import { Card } from '#components/card.tsx';
import { CartLine } from '#components/cart-line.tsx';
import { Heading } from '#components/heading.tsx';
import { Notice } from '#components/notice.tsx';
import { OnceForm } from '#components/once-form.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { OrderLines } from '#components/order-lines.tsx';
import { TextLink } from '#components/text-link.tsx';
import { troubleTexts } from '#components/trouble.ts';
import { setQuantity, startCheckout } from '#lib/actions/cart.ts';
import { pageContext, shopperOf } from '#lib/runtime/request.ts';
import { MAX_QUANTITY, readCart } from '#lib/shop/cart.ts';

type Search = Promise<{ notice?: string }>;

export default async function CartPage({ searchParams }: { searchParams: Search }) {
  const context = await pageContext();
  const { deps, session } = context;
  const shopper = shopperOf(context);
  if (!shopper)
    return (
      <OpenFromMaya reason={session ? 'session-over' : undefined} support={deps.settings.MERCHANT_SUPPORT} />
    );
  const t = await getTranslations();
  const cart = await readCart(deps, shopper.owner.row);
  return (
    <div className="mx-auto max-w-xl">
      <Notice name={(await searchParams).notice} />
      <Heading>{t('headings.cart')}</Heading>
      {cart.lines.length === 0 ? (
        <Card>
          <p>{t('cart.empty')}</p>
          <TextLink href="/">{t('cart.browse')}</TextLink>
        </Card>
      ) : (
        <>
          <ul className="mt-4 space-y-3">
            {cart.lines.map((line) => (
              <CartLine key={line.key} line={line} maxQuantity={MAX_QUANTITY} setQuantity={setQuantity} />
            ))}
          </ul>
          <Card>
            <OrderLines lines={[]} totalCentavos={cart.totalCentavos} />
          </Card>
          <div className="mt-4">
            <OnceForm
              action={startCheckout}
              fields={{ quote: cart.quote }}
              label={t('cart.checkOut')}
              pendingLabel={t('cart.pending')}
              trouble={troubleTexts(t)}
              lookAt="/cart"
            />
          </div>
        </>
      )}
    </div>
  );
}
