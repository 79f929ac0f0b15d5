import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '#lib/db/migrate.ts';
import { openStore } from '#lib/db/store.ts';
import { makeDatabase } from '../rig/postgres.ts';

/** A migrated store with the true clock, which several processes may open. */
export async function openRealStore(
  engine = process.env.TEST_ENGINE,
): Promise<{ url: string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'payout-chaos-'));
  const database = engine === 'postgres' ? await makeDatabase() : undefined;
  const url = database?.url ?? `file:${join(folder, 'app.db')}`;
  const store = openStore(url);
  await migrate(store);
  await store.close();
  return {
    url,
    close: async () => {
      rmSync(folder, { recursive: true, force: true });
      await database?.drop();
    },
  };
}
