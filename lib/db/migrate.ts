import { sql } from 'kysely';
import { migrations } from './migrations/index.ts';
import type { Store } from './store.ts';

/**
 * Brings the store to the newest schema. Several instances may do so at once: the row that names a migration is
 * written first in the migration's own transaction, so a second instance waits for it and then finds it done.
 *
 * @returns names of the migrations that this call applied
 */
export async function migrate(store: Store): Promise<string[]> {
  await makeLedger(store);
  const applied: string[] = [];
  for (const { name, up } of migrations) {
    const mine = await store.transaction(async (tx) => {
      // A change of schema, or waiting for another instance's, may take its time.
      if (store.engine === 'postgres') await sql`set local statement_timeout = 0`.execute(tx);
      const { rows } = await sql`
        insert into schema_migrations (name, applied_at) values (${name}, ${Date.now()})
        on conflict (name) do nothing returning name`.execute(tx);
      if (rows.length === 0) return false;
      await up(tx, store.engine);
      return true;
    });
    if (mine) applied.push(name);
  }
  return applied;
}

/** Names of migrations that are not applied yet; all of them where the store was never prepared. */
export async function pendingMigrations(store: Store): Promise<string[]> {
  const names = migrations.map(({ name }) => name);
  try {
    const { rows } = await sql<{ name: string }>`select name from schema_migrations`.execute(store.db);
    const done = new Set(rows.map((row) => row.name));
    return names.filter((name) => !done.has(name));
  } catch (error) {
    if (isMissingTable(error)) return names;
    throw error;
  }
}

async function makeLedger(store: Store): Promise<void> {
  const create = sql`create table if not exists schema_migrations (name text primary key, applied_at bigint not null)`;
  try {
    await create.execute(store.db);
  } catch {
    // PostgreSQL: two simultaneous "if not exists" can both try; the table is there afterwards.
    await create.execute(store.db);
  }
}

/** Whether a statement failed because the store was never prepared. */
export function isMissingTable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as { code?: unknown }).code === '42P01' || error.message.includes('no such table');
}
