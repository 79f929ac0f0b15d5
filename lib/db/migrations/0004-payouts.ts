import { sql } from 'kysely';
import type { Tx } from '../store.ts';

/** Payouts with their events, batches and ledger, and customers who paid by a method that this project does not see. */
export async function up(tx: Tx): Promise<void> {
  await tx.schema
    .createTable('payout_batches')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();

  await tx.schema
    .createTable('payouts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('batch_id', 'text', (column) => column.notNull())
    .addColumn('line', 'integer', (column) => column.notNull())
    .addColumn('project_id', 'bigint', (column) => column.notNull())
    .addColumn('customer_id', 'text', (column) => column.notNull())
    .addColumn('amount_centavos', 'bigint', (column) => column.notNull())
    .addColumn('sealed_recipient', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('callback_url', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('confirmed_by', 'text')
    .addColumn('version', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('lease_by', 'text')
    .addColumn('lease_until', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('next_ask_at', 'bigint', (column) => column.notNull())
    .addColumn('ask_from', 'bigint', (column) => column.notNull())
    .addColumn('asking', 'text', (column) => column.notNull().defaultTo('no'))
    .addColumn('staff_decided', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('sent_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await tx.schema.createIndex('payouts_of_batch').on('payouts').columns(['batch_id', 'line']).execute();
  await sql`create index payouts_to_ask on payouts (next_ask_at) where asking <> 'no'`.execute(tx);

  await tx.schema
    .createTable('payout_events')
    .addColumn('payout_id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('recorded_at', 'bigint', (column) => column.notNull())
    .addColumn('recorded_by', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('payout_events_number', ['payout_id', 'number'])
    .addUniqueConstraint('payout_events_key', ['payout_id', 'key'])
    .execute();

  await tx.schema
    .createTable('payout_ledger')
    .addColumn('payout_id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('amount_centavos', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('payout_ledger_number', ['payout_id', 'number'])
    .execute();
  await tx.schema.createIndex('payout_ledger_by_time').on('payout_ledger').column('at').execute();

  await tx.schema
    .createTable('payout_payers')
    .addColumn('project_id', 'bigint', (column) => column.notNull())
    .addColumn('customer_id', 'text', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('imported_at', 'bigint', (column) => column.notNull())
    .addColumn('imported_by', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('payout_payers_once', ['project_id', 'customer_id', 'method'])
    .execute();
}
