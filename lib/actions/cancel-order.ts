'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { cancelOrder } from '../orders/close-order.ts';
import { findOrder } from '../orders/order.ts';
import { guardedAction } from '../runtime/guarded.ts';
import { actionContext, forgetOldPages, shopperOf } from '../runtime/request.ts';

const schema = z.object({ order: z.uuid() });

/** The customer cancels an order that nothing was charged for. Refused while a payment is under way. */
export async function cancel(form: FormData): Promise<void> {
  return guardedAction('cancel', async () => {
    const input = schema.safeParse(Object.fromEntries(form));
    const context = await actionContext();
    if (!context || !input.success) redirect('/?notice=try-again');
    const { deps, session } = context;
    const owner = session ?? shopperOf(context)?.owner;
    if (!owner) redirect('/open?reason=session-over');
    const order = await findOrder(deps.store.db, input.data.order, owner);
    const cancelled = order !== null && (await cancelOrder(deps.store.db, order.id));
    await forgetOldPages();
    redirect(`/orders/${input.data.order}${cancelled ? '' : '?notice=not-cancelled'}`);
  });
}
