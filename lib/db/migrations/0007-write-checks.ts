import type { Tx } from '../store.ts';

/** One row that readiness writes now and then, to learn whether the store takes writes. */
export async function up(tx: Tx): Promise<void> {
  await tx.schema
    .createTable('write_checks')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('written_at', 'bigint', (column) => column.notNull())
    .execute();
}
