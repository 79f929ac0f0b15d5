import { sql } from 'kysely';
import { nowMs } from '../db/store.ts';
import type { PayoutDeps } from './deps.ts';

const BATCH = 500;

/**
 * Takes the recipient's number, name and address off payouts that ended so long ago. What is left still says who acted,
 * what was paid and what became of it; and the keyed digest of its row, so that the same row is known again.
 */
export async function wipeRecipients(deps: Pick<PayoutDeps, 'store' | 'payouts' | 'log'>): Promise<void> {
  const wiped = await deps.store.db
    .updateTable('payouts')
    .set({ sealed_recipient: '' })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('payouts as ended')
        .select('ended.id')
        .where('ended.sealed_recipient', '<>', '')
        .where('ended.state', 'in', ['paid', 'declined', 'failed'])
        // Touched by every fact, the one that ended it included.
        .where('ended.updated_at', '<', sql<number>`${nowMs} - ${deps.payouts.recipientMs}`)
        .orderBy('ended.updated_at')
        .limit(BATCH),
    )
    .executeTakeFirst();
  const count = Number(wiped.numUpdatedRows);
  if (count > 0) deps.log.info('payout.recipients_wiped', { count });
}
