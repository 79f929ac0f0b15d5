import type { Tx } from '../store.ts';

/** The sample fulfilment: one pick-up per paid order. A merchant's own fulfilment brings its own tables. */
export async function up(tx: Tx): Promise<void> {
  await tx.schema
    .createTable('pickups')
    .addColumn('order_id', 'text', (column) => column.primaryKey())
    .addColumn('pickup_code', 'text', (column) => column.notNull())
    .addColumn('event_number', 'integer', (column) => column.notNull())
    .addColumn('withdrawn', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
}
