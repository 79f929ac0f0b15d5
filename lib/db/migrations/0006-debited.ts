import { sql } from 'kysely';
import type { Tx } from '../store.ts';

/** Which payments took money although they are not approved: the provider's success named another sum than ours. */
export async function up(tx: Tx): Promise<void> {
  await tx.schema
    .alterTable('payments')
    .addColumn('debited', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`update payments set debited = 1
    where state = 'approved' or (state = 'review' and exists (
      select 1 from payment_events as event where event.payment_id = payments.id and (
        (event.kind in ('callback_said', 'status_said') and event.data like '%"reading":"success"%' and event.data not like '%"differs":["project"%')
        or (event.kind = 'execute_answer' and event.data like '%"status":"APPROVED"%'))))`.execute(tx);
}
