import Link from 'next/link';
import { Button } from '#components/button.tsx';
import { Card } from '#components/card.tsx';
import { Heading } from '#components/heading.tsx';
import { Notice } from '#components/notice.tsx';
import { OnceForm } from '#components/once-form.tsx';
import { OpenFromMaya } from '#components/open-from-maya.tsx';
import { OrderLines } from '#components/order-lines.tsx';
import { setQuantity, startCheckout } from '#lib/actions/cart.ts';
import { requestContext } from '#lib/runtime/request.ts';
import { readCart } from '#lib/shop/cart.ts';

type Search = Promise<{ notice?: string }>;

export default async function CartPage({ searchParams }: { searchParams: Search }) {
  const { deps, session } = await requestContext();
  if (!session?.live)
    return (
      <OpenFromMaya reason={session ? 'session-over' : undefined} support={deps.settings.MERCHANT_SUPPORT} />
    );
  const cart = await readCart(deps, session.row);
  return (
    <>
      <Notice name={(await searchParams).notice} />
      <Heading>Your cart</Heading>
      {cart.lines.length === 0 ? (
        <Card>
          <p>
            Nothing in it yet.{' '}
            <Link href="/" className="underline">
              See what we have
            </Link>
          </p>
        </Card>
      ) : (
        <>
          <ul className="mt-4 space-y-3">
            {cart.lines.map((line) => (
              <li key={line.itemId} className="rounded-2xl border border-line bg-surface p-4">
                <h2 className="font-semibold">{line.name}</h2>
                <form action={setQuantity} className="mt-2 flex items-center gap-3">
                  <input type="hidden" name="item" value={line.itemId} />
                  <label htmlFor={`quantity-${line.itemId}`}>Quantity</label>
                  <input
                    id={`quantity-${line.itemId}`}
                    name="quantity"
                    type="number"
                    inputMode="numeric"
                    min={0}
                    max={20}
                    defaultValue={line.quantity}
                    className="min-h-11 w-20 rounded-xl border border-line bg-ground px-3"
                  />
                  <Button type="submit" look="quiet" aria-label={`Change quantity of ${line.name}`}>
                    Change
                  </Button>
                </form>
              </li>
            ))}
          </ul>
          <Card>
            <OrderLines lines={cart.lines} totalCentavos={cart.totalCentavos} />
          </Card>
          <div className="mt-4">
            <OnceForm
              action={startCheckout}
              fields={{ quote: cart.quote }}
              label="Check out"
              pendingLabel="One moment"
            />
          </div>
        </>
      )}
    </>
  );
}
