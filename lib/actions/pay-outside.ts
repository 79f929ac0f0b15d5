'use server';

import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { after } from 'next/server';
import { z } from 'zod';
import { withRequestId } from '../base/log.ts';
import { guardedAction } from '../runtime/guarded.ts';
import { currentLocale } from '../runtime/i18n.ts';
import { payOutsideMaya } from '../runtime/pay-outside.ts';
import { actionContext, forgetOldPages, rememberVisitor } from '../runtime/request.ts';

const schema = z.object({
  order: z.uuid(),
  version: z.coerce.number().int().positive(),
  email: z.string().trim().max(254),
  key: z.string().max(100).optional(),
  seen: z.uuid().optional(),
});

/**
 * A customer outside the Maya app taps Pay: goes on to the wallet by way of ECommPay. The e-mail address goes to the
 * provider and stands in no address and no log of ours.
 */
export async function payOutside(form: FormData): Promise<void> {
  return guardedAction('payOutside', async () => {
    const input = schema.safeParse(Object.fromEntries(form));
    const context = await actionContext();
    if (!context || !input.success) redirect('/?notice=try-again');
    const { to, settled } = await withRequestId(context.deps.ids.key(), async () =>
      payOutsideMaya(
        context,
        { ...input.data, orderId: input.data.order },
        {
          headers: await headers(),
          locale: currentLocale,
          remember: () => rememberVisitor(context),
        },
      ),
    );
    after(() => settled);
    await forgetOldPages();
    redirect(to);
  });
}
