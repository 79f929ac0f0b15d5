'use server';

import { redirect } from 'next/navigation';
import { after } from 'next/server';
import { z } from 'zod';
import { momentOf } from '../base/fresh.ts';
import { withRequestId } from '../base/log.ts';
import { payUnlessAsked } from '../payments/tap.ts';
import { guardedAction } from '../runtime/guarded.ts';
import { actionContext, forgetOldPages } from '../runtime/request.ts';
import { runtime } from '../runtime/runtime.ts';

const schema = z.object({
  order: z.uuid(),
  version: z.coerce.number().int().positive(),
  seen: z.uuid().optional(),
});

/**
 * The customer taps Pay. Amount and payee come from the store; the form names only the order and the version that was
 * shown. Waits a moment for the outcome, then goes to the order's page; the work goes on behind the answer.
 */
export async function payOrder(form: FormData): Promise<void> {
  return guardedAction('payOrder', async () => {
    const input = schema.safeParse(Object.fromEntries(form));
    const tappedAt = momentOf((await runtime()).clock);
    const context = await actionContext();
    if (!context || !input.success) redirect('/?notice=try-again');
    const { deps, session } = context;
    const { order, version, seen } = input.data;
    if (!session) redirect('/open?reason=session-over');

    const to = await withRequestId(deps.ids.key(), async () => {
      const tapped = await payUnlessAsked(deps, session, { orderId: order, version, seen, tappedAt });
      if (tapped === 'ask') return `/orders/${order}?notice=same-total`;
      const { tap, settled } = tapped;
      if (tap.kind === 'refused') return refusalPage(tap.reason, order);
      after(() => settled);
      await Promise.race([settled, deps.clock.sleep(deps.settings.PAY_WAIT_MS)]);
      return `/orders/${order}`;
    });
    await forgetOldPages();
    redirect(to);
  });
}

function refusalPage(reason: string, order: string): string {
  if (reason === 'session_over') return '/open?reason=session-over';
  return `/orders/${order}?notice=${reason.replaceAll('_', '-')}`;
}
