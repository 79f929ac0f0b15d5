import { nowMs, nowPlus } from '../db/store.ts';
import type { SessionDeps } from './deps.ts';

/** How long a refresh may stay silent before another process may try. */
export const LEASE_MS = 5_000;
const RENEW_EVERY_MS = 1_500;

/** @returns whether this holder may send the refresh token of this generation now */
export async function takeLease(
  deps: SessionDeps,
  row: string,
  generation: number,
  holder: string,
): Promise<boolean> {
  const taken = await deps.store.db
    .updateTable('sessions')
    .set({ refresh_lease_by: holder, refresh_lease_until: nowPlus(LEASE_MS) })
    .where('id', '=', row)
    .where('generation', '=', generation)
    .where('refresh_lease_until', '<', nowMs)
    .where('refresh_not_before', '<=', nowMs)
    .returning('id')
    .executeTakeFirst();
  return taken !== undefined;
}

/** Keeps the lease while `work` runs. It guards sending; whoever has new tokens saves them, lease or not. */
export async function whileLeased<T>(
  deps: SessionDeps,
  row: string,
  holder: string,
  work: () => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const renewing = (async () => {
    while (!done.signal.aborted) {
      await deps.clock.sleep(RENEW_EVERY_MS, done.signal);
      if (done.signal.aborted) return;
      await deps.store.db
        .updateTable('sessions')
        .set({ refresh_lease_until: nowPlus(LEASE_MS) })
        .where('id', '=', row)
        .where('refresh_lease_by', '=', holder)
        .execute()
        .catch(() => {});
    }
  })();
  try {
    return await work();
  } finally {
    done.abort();
    await renewing;
  }
}
