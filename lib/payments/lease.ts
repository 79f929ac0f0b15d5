import { errorFields } from '../base/log.ts';
import { LOOKED_AT, nextLook } from '../db/next-look.ts';
import { nowMs, nowPlus } from '../db/store.ts';
import type { PaymentDeps } from './deps.ts';
import { LEASE_MS, LEASE_RENEWAL_MS } from './timing.ts';

/**
 * A lease on a payment says who may send for it. It guards sending, never recording: whoever has an answer records
 * it. `holder` is new at every acquisition, so that a process that slept past its lease cannot take a later one of
 * its own for it.
 */
export async function acquireLease(
  deps: Pick<PaymentDeps, 'store' | 'ids'>,
  paymentId: string,
  options: { ignoreDue: boolean },
): Promise<string | null> {
  const holder = deps.ids.reference();
  let query = deps.store.db
    .updateTable('payments')
    .set({ lease_by: holder, lease_until: nowPlus(LEASE_MS), next_ask_at: LOOKED_AT })
    .where('id', '=', paymentId)
    .where('asking', '!=', 'no')
    .where('lease_until', '<', nowMs);
  if (!options.ignoreDue) query = query.where('next_ask_at', '<=', nowMs);
  const taken = await query.returning('id').executeTakeFirst();
  return taken ? holder : null;
}

/**
 * Gives the lease back and says when to look again: then, or earlier where somebody asked for that during the lease (a
 * callback, the customer's return, staff).
 *
 * @param nextInMs `null` leaves that moment as it was
 * @returns in how many milliseconds the next look is due
 */
export async function releaseLease(
  deps: Pick<PaymentDeps, 'store'>,
  paymentId: string,
  holder: string,
  nextInMs: number | null,
): Promise<number> {
  const released = await deps.store.db
    .updateTable('payments')
    .set({ lease_until: 0, ...(nextInMs === null ? {} : { next_ask_at: nextLook(nextInMs) }) })
    .where('id', '=', paymentId)
    .where('lease_by', '=', holder)
    .returning(['next_ask_at', nowMs.as('now')])
    .executeTakeFirst();
  // Whoever asks for a look asks for one at once.
  return released && released.next_ask_at <= released.now ? 0 : (nextInMs ?? 0);
}

/** Runs `work` and renews the lease while it lasts. A renewal that fails is tried again at the next turn. */
export async function whileLeased<T>(
  deps: Pick<PaymentDeps, 'store' | 'clock' | 'log'>,
  paymentId: string,
  holder: string,
  work: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const renewing = (async () => {
    for (;;) {
      await deps.clock.sleep(LEASE_RENEWAL_MS, done.signal);
      if (done.signal.aborted) return;
      await deps.store.db
        .updateTable('payments')
        .set({ lease_until: nowPlus(LEASE_MS) })
        .where('id', '=', paymentId)
        .where('lease_by', '=', holder)
        // Given back already, by the fact that ended the payment.
        .where('lease_until', '>', 0)
        .execute()
        .catch((error: unknown) =>
          deps.log.warn('payment.lease', { payment: paymentId, ...errorFields(error) }),
        );
    }
  })();
  try {
    return await work();
  } finally {
    done.abort();
    await renewing;
  }
}

/** The same for a person, whatever the payment's schedule says; refused only while somebody is sending. */
export async function acquireForStaff(
  deps: Pick<PaymentDeps, 'store' | 'ids'>,
  paymentId: string,
): Promise<string | null> {
  const holder = deps.ids.reference();
  const taken = await deps.store.db
    .updateTable('payments')
    .set({ lease_by: holder, lease_until: nowPlus(LEASE_MS) })
    .where('id', '=', paymentId)
    .where('lease_until', '<', nowMs)
    .returning('id')
    .executeTakeFirst();
  return taken ? holder : null;
}
