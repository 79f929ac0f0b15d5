import { type Db, nowMs } from './store.ts';

/**
 * Writes one row, durably. A write that is rolled back would tell nothing: SQLite keeps it in memory, where a full disk
 * is not noticed.
 *
 * @throws where the store does not take it
 */
export async function checkWriting(db: Db): Promise<void> {
  await db
    .insertInto('write_checks')
    .values({ id: 1, written_at: nowMs })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ written_at: nowMs }))
    .execute();
}
