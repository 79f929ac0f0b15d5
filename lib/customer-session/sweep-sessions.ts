import { sql } from 'kysely';
import { nowMs, nowPlus } from '../db/store.ts';
import type { SessionDeps } from './deps.ts';

/** A session whose tokens ended this long ago, without a refresh since, was left by its customer (contract 8). */
const IDLE_MS = 24 * 60 * 60 * 1_000;

/** Rows of ids that nobody redeemed stay this long, so that a late webview hears "expired", not "unknown". */
const UNREDEEMED_KEPT_MS = 10 * 60 * 1_000;

/** A session that ended a moment ago may still be paying with a token in hand. */
const ENDED_GRACE_MS = 30_000;

const BATCH = 500;

/**
 * Wipes what is no longer needed: tokens of ids that were never redeemed, at once when they lapse; the rows a little
 * later; tokens of sessions that are over, unless an unsettled payment is still asked with them.
 */
export async function sweepSessions(deps: Pick<SessionDeps, 'store'>): Promise<void> {
  const { db } = deps.store;
  await db
    .updateTable('sessions')
    .set({ sealed_tokens: null })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('sessions')
        .select('id')
        .where('redeemed_at', 'is', null)
        .where('redeem_until', '<=', nowMs)
        .where('sealed_tokens', 'is not', null)
        .limit(BATCH),
    )
    .where('redeemed_at', 'is', null)
    .execute();
  await db
    .deleteFrom('sessions')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('sessions')
        .select('id')
        .where('redeemed_at', 'is', null)
        .where('redeem_until', '<=', nowPlus(-UNREDEEMED_KEPT_MS))
        .limit(BATCH),
    )
    .where('redeemed_at', 'is', null)
    .execute();
  await db
    .updateTable('sessions')
    .set({ ended_at: nowMs, end_reason: 'idle' })
    .where('redeemed_at', 'is not', null)
    .where('ended_at', 'is', null)
    .where('sealed_tokens', 'is not', null)
    .where('access_expires_at', '<', nowPlus(-IDLE_MS))
    // An expiry that was long past when it came says nothing of the customer.
    .where('redeemed_at', '<', nowPlus(-IDLE_MS))
    .execute();
  await db
    .updateTable('sessions')
    .set({ sealed_tokens: null })
    .where('ended_at', '<=', nowPlus(-ENDED_GRACE_MS))
    .where('sealed_tokens', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('payments')
            .select(sql`1`.as('one'))
            .whereRef('payments.session_id', '=', 'sessions.id')
            .where('payments.state', 'in', ['creating', 'created', 'executing', 'review'])
            .where('payments.asking', '!=', 'no'),
        ),
      ),
    )
    .execute();
}
