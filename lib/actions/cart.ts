'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { actionContext, forgetOldPages } from '../runtime/request.ts';
import { changeCart, MAX_QUANTITY } from '../shop/cart.ts';
import { checkOut } from '../shop/checkout.ts';

const itemSchema = z.object({ item: z.string().regex(/^[a-z0-9-]{1,40}$/) });
const quantitySchema = itemSchema.extend({ quantity: z.coerce.number().int().min(0).max(MAX_QUANTITY) });
const quoteSchema = z.object({ quote: z.string().regex(/^[0-9a-f]{16}$/) });

/** One more of a thing. */
export async function addToCart(form: FormData): Promise<void> {
  const input = itemSchema.safeParse(Object.fromEntries(form));
  const { deps, session } = await shopping();
  const known =
    input.success && (await changeCart(deps, session.row, input.data.item, (present) => present + 1));
  await forgetOldPages();
  redirect(known ? '/?notice=added' : '/?notice=not-for-sale');
}

/** As many of a thing as the form says; 0 takes it out. */
export async function setQuantity(form: FormData): Promise<void> {
  const input = quantitySchema.safeParse(Object.fromEntries(form));
  const { deps, session } = await shopping();
  if (!input.success) redirect('/cart?notice=quantity');
  const { item, quantity } = input.data;
  await changeCart(deps, session.row, item, () => quantity);
  await forgetOldPages();
  redirect('/cart');
}

/** From the cart to an order with a fixed total. */
export async function startCheckout(form: FormData): Promise<void> {
  const input = quoteSchema.safeParse(Object.fromEntries(form));
  const { deps, session } = await shopping();
  if (!input.success) redirect('/cart?notice=cart-changed');
  const owner = session;
  const checkout = await checkOut({ ...deps, limits: deps.payments }, owner, input.data.quote);
  await forgetOldPages();
  redirect(
    checkout.kind === 'order'
      ? `/checkout/${checkout.orderId}`
      : `/cart?notice=${checkout.reason.replaceAll('_', '-')}`,
  );
}

/** A live session, or the page that says how to get one. */
async function shopping() {
  const context = await actionContext();
  if (!context) redirect('/?notice=try-again');
  const { deps, session } = context;
  if (!session?.live) redirect('/open?reason=session-over');
  return { deps, session };
}
