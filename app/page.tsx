import { Button } from '#components/button.tsx';
import { Heading } from '#components/heading.tsx';
import { Notice } from '#components/notice.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { addToCart } from '#lib/actions/cart.ts';
import { formatPesos } from '#lib/base/money.ts';
import { requestContext } from '#lib/runtime/request.ts';

type Search = Promise<{ notice?: string; launched?: string; open?: string }>;

export default async function ShopPage({ searchParams }: { searchParams: Search }) {
  const { notice, launched, open } = await searchParams;
  const { deps, session } = await requestContext();
  if (!session?.live) {
    const reason = session ? 'session-over' : launched ? 'cookies' : open;
    return <OpenFromMaya reason={reason} support={deps.settings.MERCHANT_SUPPORT} />;
  }
  return (
    <>
      <Notice name={notice} />
      <Heading>Coffee for today</Heading>
      <ul className="mt-4 space-y-3">
        {(await deps.catalogue.list()).map((item) => (
          <li key={item.id} className="rounded-2xl border border-line bg-surface p-4">
            <div className="flex justify-between gap-4">
              <h2 className="font-semibold">{item.name}</h2>
              <p className="shrink-0 tabular-nums">{formatPesos(item.priceCentavos)}</p>
            </div>
            <p className="mt-1 text-muted text-sm">{item.description}</p>
            <form action={addToCart} className="mt-3">
              <input type="hidden" name="item" value={item.id} />
              <Button type="submit" look="quiet" aria-label={`Add ${item.name} to cart`}>
                Add to cart
              </Button>
            </form>
          </li>
        ))}
      </ul>
    </>
  );
}
