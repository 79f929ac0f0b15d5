import { sql } from 'kysely';
import type { Tx } from '../store.ts';

/** Finds payments that have ended and are asked about all the same; next to none at any time. */
export async function up(tx: Tx): Promise<void> {
  await sql`create index payments_to_be_sure on payments (next_ask_at) where asking = 'to_be_sure'`.execute(
    tx,
  );
}
