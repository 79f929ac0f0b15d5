import { Kysely } from 'kysely';
import type { Database } from '#lib/db/schema.ts';
import { isRollbackToRepeat, type Store } from '#lib/db/store.ts';
import { simDialect } from './connection.ts';
import type { SimProcess } from './sim-process.ts';

/** As in `lib/db/store.ts`, whose pauses are real time and chance. */
const TRIES = 6;

/** The store as one process of the world sees it. */
export function makeStore(process: SimProcess): Store {
  const db = new Kysely<Database>({ dialect: simDialect(process) });
  return {
    db,
    engine: 'sqlite',
    close: () => Promise.resolve(),
    transaction: async (work) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await db.transaction().execute(work);
        } catch (error) {
          if (attempt >= TRIES || !isRollbackToRepeat(error)) throw error;
          await process.clock.sleep(attempt * attempt * 3);
        }
      }
    },
  };
}
