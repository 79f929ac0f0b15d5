import { type Db, nowMs } from '../db/store.ts';
import type { SessionDeps } from './deps.ts';

/** Why a session is over. `refused`: Maya takes its refresh token no longer. */
export type EndReason = 'replaced' | 'refused' | 'idle' | 'seal' | 'other_customer';

/** A customer's session as pages and actions see it. The tokens stay in this room. */
export type CustomerSession = {
  row: string;
  customerId: string | null;
  accountHolder: string | null;
  /** The session that this webview held before. */
  replacedRow: string | null;
  /** Whether the customer can shop and pay. A session that is over still shows its own orders. */
  live: boolean;
};

/**
 * @returns `null` where there is no such session, it was never redeemed, or a newer launch replaced it: its pages are
 * then nobody's to see
 */
export async function findSession(db: Db, row: string): Promise<CustomerSession | null> {
  const found = await db
    .selectFrom('sessions')
    .select([
      'id',
      'customer_id',
      'account_holder',
      'replaced_session_id',
      'redeemed_at',
      'ended_at',
      'end_reason',
    ])
    .where('id', '=', row)
    .executeTakeFirst();
  if (!found || found.redeemed_at === null || found.end_reason === 'replaced') return null;
  return {
    row: found.id,
    customerId: found.customer_id,
    accountHolder: found.account_holder,
    replacedRow: found.replaced_session_id,
    live: found.ended_at === null,
  };
}

/** Ends a session. Its sealed tokens stay until no unsettled payment needs them. */
export async function endSession(deps: Pick<SessionDeps, 'store' | 'log'>, row: string, reason: EndReason) {
  const ended = await deps.store.db
    .updateTable('sessions')
    .set({ ended_at: nowMs, end_reason: reason })
    .where('id', '=', row)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (ended) deps.log.info('session.ended', { account: row, reason });
}
