'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { decimalToCentavos } from '../base/money.ts';
import type { Owner } from '../orders/order.ts';
import type { Runtime } from '../runtime/build.ts';
import { guardedAction } from '../runtime/guarded.ts';
import { actionContext, forgetOldPages, rememberVisitor, shopperOf } from '../runtime/request.ts';
import { changeQuantity, MAX_QUANTITY, putInCart } from '../shop/cart.ts';
import { checkOut } from '../shop/checkout.ts';

const name = z.string().regex(/^[a-z0-9-]{1,40}$/);
const quantity = z.coerce.number().int().min(0).max(MAX_QUANTITY);
/** What people type for money: `1,499.50`, `₱1499.5`, with or without spaces. */
const amount = z
  .string()
  .max(20)
  .transform((typed) => decimalToCentavos(typed.replace(/[₱\s,]/g, '')))
  .refine((centavos) => centavos !== null);

const addSchema = z.object({
  item: name,
  quantity: quantity.min(1).default(1),
  amount: amount.optional(),
  choices: z.record(name, name),
});
const changeSchema = z.object({ line: z.string().regex(/^[a-z0-9.-]{1,200}$/), quantity });
const quoteSchema = z.object({ quote: z.string().regex(/^[0-9a-f]{16}$/) });

/** More of a thing, as the item's form says: `choice.<option>` for each option, `amount` where the customer says it. */
export async function addToCart(form: FormData): Promise<void> {
  return guardedAction('addToCart', async () => {
    const fields = Object.fromEntries(form);
    const choices = Object.fromEntries(
      Object.entries(fields).flatMap(([field, value]) =>
        field.startsWith('choice.') ? [[field.slice('choice.'.length), value]] : [],
      ),
    );
    const input = addSchema.safeParse({ ...fields, choices });
    const { deps, owner } = await shopping();
    if (!input.success) redirect(backToItem(fields.item, 'amount' in fields ? 'bill-amount' : 'quantity'));
    const { item: itemId, quantity: more, amount: amountCentavos } = input.data;
    const selection = {
      itemId,
      choices: input.data.choices,
      ...(typeof amountCentavos === 'number' ? { amountCentavos } : {}),
    };
    const added = await putInCart(deps, owner.row, selection, (present) => present + more);
    await forgetOldPages();
    if (added) redirect('/?notice=added');
    redirect(amountCentavos === undefined ? '/?notice=not-for-sale' : backToItem(itemId, 'bill-amount'));
  });
}

function backToItem(item: unknown, notice: string): string {
  return name.safeParse(item).success ? `/items/${item}?notice=${notice}` : '/?notice=not-for-sale';
}

/** As many of a line as the form says; 0 takes it out. */
export async function setQuantity(form: FormData): Promise<void> {
  return guardedAction('setQuantity', async () => {
    const input = changeSchema.safeParse(Object.fromEntries(form));
    const { deps, owner } = await shopping();
    if (!input.success) redirect('/cart?notice=quantity');
    await changeQuantity(deps, owner.row, input.data.line, input.data.quantity);
    await forgetOldPages();
    redirect('/cart');
  });
}

/** From the cart to an order with a fixed total. */
export async function startCheckout(form: FormData): Promise<void> {
  return guardedAction('startCheckout', async () => {
    const input = quoteSchema.safeParse(Object.fromEntries(form));
    const { deps, owner } = await shopping();
    if (!input.success) redirect('/cart?notice=cart-changed');
    const checkout = await checkOut({ ...deps, limits: deps.payments }, owner, input.data.quote);
    await forgetOldPages();
    redirect(
      checkout.kind === 'order'
        ? `/checkout/${checkout.orderId}`
        : `/cart?notice=${checkout.reason.replaceAll('_', '-')}`,
    );
  });
}

/** Who shops, known by a cookie from now on; or the page that says how to get in. */
async function shopping(): Promise<{ deps: Runtime; owner: Owner }> {
  const context = await actionContext();
  if (!context) redirect('/?notice=try-again');
  const shopper = shopperOf(context);
  if (!shopper) redirect('/open?reason=session-over');
  return { deps: context.deps, owner: shopper.inMaya ? shopper.owner : await rememberVisitor(context) };
}
