import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { makeDatabase } from '#e2e/rig/postgres.ts';
import { testEngine } from '#e2e/rig/test-store.ts';
import { assertDurable, openStore, type Store } from './store.ts';

/** A store on which `change` was made beforehand. */
async function withStore<T>(change: string, look: (store: Store) => Promise<T>): Promise<T> {
  if (testEngine === 'postgres') {
    const database = await makeDatabase();
    if (change) {
      const before = openStore(database.url);
      const name = new URL(database.url).pathname.slice(1);
      await sql.raw(`alter database ${name} ${change}`).execute(before.db);
      await before.close();
    }
    const store = openStore(database.url);
    try {
      return await look(store);
    } finally {
      await store.close();
      await database.drop();
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'durable-'));
  const store = openStore(`file:${join(folder, 'deep', 'app.db')}`);
  try {
    if (change) await sql.raw(change).execute(store.db);
    return await look(store);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

describe('D6: a commit that was answered survives power loss, or the store is refused', () => {
  const rows =
    testEngine === 'postgres'
      ? [
          ['', true],
          ['set synchronous_commit = on', true],
          ['set synchronous_commit = local', true],
          ['set synchronous_commit = off', false],
        ]
      : [
          ['', true],
          ['pragma synchronous = extra', true],
          ['pragma synchronous = normal', false],
          ['pragma synchronous = off', false],
        ];

  test.each(rows as [string, boolean][])('as it comes, but for %j', async (change, durable) => {
    const refusal = await withStore(change, (store) =>
      assertDurable(store).then(
        () => null,
        (error: unknown) => error,
      ),
    );
    if (durable) expect(refusal).toBeNull();
    else expect(refusal).toMatchObject({ code: 'store.not_durable', retryable: false });
  });

  test('a server that is away is no verdict', async () => {
    const refusal = await withStore('', async (store) => {
      await assertDurable(store);
      await store.close();
      return assertDurable(store).catch((error: unknown) => error);
    });
    expect(refusal).toBeInstanceOf(Error);
    expect(refusal).not.toMatchObject({ code: 'store.not_durable' });
  });
});
