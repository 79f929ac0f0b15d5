import { sql } from 'kysely';
import type { Tx } from '../store.ts';

/** Finds ended payouts whose recipient is still on record; an empty `sealed_recipient` is one that was wiped. */
export async function up(tx: Tx): Promise<void> {
  await sql`create index payouts_to_wipe on payouts (updated_at)
    where sealed_recipient <> '' and state in ('paid', 'declined', 'failed')`.execute(tx);
}
