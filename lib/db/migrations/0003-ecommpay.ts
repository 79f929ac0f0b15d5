import type { Tx } from '../store.ts';

/** What payments over ECommPay need beside their facts, and callbacks that match none. */
export async function up(tx: Tx): Promise<void> {
  await tx.schema
    .createTable('ecommpay_sales')
    .addColumn('payment_id', 'text', (column) => column.primaryKey())
    .addColumn('interface', 'text', (column) => column.notNull())
    .addColumn('project_id', 'bigint', (column) => column.notNull())
    .addColumn('customer_id', 'text', (column) => column.notNull())
    .addColumn('request', 'text')
    .addColumn('redirect', 'text')
    .addColumn('redirect_made_at', 'bigint')
    .addColumn('ask_from', 'bigint', (column) => column.notNull())
    .execute();
  await tx.schema
    .createIndex('ecommpay_sales_of_customer')
    .on('ecommpay_sales')
    .columns(['customer_id', 'project_id'])
    .execute();

  await tx.schema
    .createTable('stray_callbacks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('digest', 'text', (column) => column.notNull().unique())
    .addColumn('provider_payment_id', 'text', (column) => column.notNull())
    .addColumn('report', 'text', (column) => column.notNull())
    .addColumn('first_at', 'bigint', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addColumn('times', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
}
