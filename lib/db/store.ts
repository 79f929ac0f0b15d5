import { Kysely, type RawBuilder, sql, type Transaction } from 'kysely';
import { AppError } from '../base/errors.ts';
import { openPostgres, postgresDialect } from './postgres.ts';
import { isRefusedWrite } from './refused-write.ts';
import type { Database } from './schema.ts';
import { openSqlite, sqliteDialect } from './sqlite.ts';

export type Engine = 'sqlite' | 'postgres';

export type Tx = Transaction<Database>;

/** Either the store itself or a transaction on it. */
export type Db = Kysely<Database>;

export type Store = {
  readonly db: Db;
  readonly engine: Engine;
  /**
   * Runs `work` in one transaction, again from its start when the store asks for that (deadlock, serialization,
   * lock held). `work` may await nothing but its own statements, and does nothing that cannot be done twice.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** The store's clock, in milliseconds: judges leases and due times, and is one for all instances. */
export const nowMs: RawBuilder<number> = sql<number>`now_ms()`;

/** `now_ms() + ms`. */
export const nowPlus = (ms: number): RawBuilder<number> => sql<number>`now_ms() + ${sql.lit(Math.trunc(ms))}`;

const TRIES = 6;

/** Whether running the whole transaction again may help: nothing of it was kept. */
export function isRollbackToRepeat(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (code === '40001' || code === '40P01') return true;
  const SQLITE_BUSY = 5;
  const SQLITE_LOCKED = 6;
  return code === 'ERR_SQLITE_ERROR' && [SQLITE_BUSY, SQLITE_LOCKED].includes(Number(errcode) & 0xff);
}

/** Whether a unique index refused a row. */
export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  const SQLITE_CONSTRAINT_PRIMARYKEY = 1555;
  const SQLITE_CONSTRAINT_UNIQUE = 2067;
  return (
    code === '23505' || [SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE].includes(Number(errcode))
  );
}

export type StoreOptions = {
  /** Replaces the wall clock behind `now_ms()`; SQLite only. */
  now?: () => number;
  /** Hears of a pooled connection that died while idle; PostgreSQL only. */
  onIdleError?: (error: unknown) => void;
  /** Hears that the store refused a write because it takes none at present. */
  onRefusedWrite?: () => void;
  /** How long a query may stay without an answer before its connection is given up; PostgreSQL only. */
  silenceMs?: number;
};

/**
 * @param url `file:<path>`, `file::memory:` or `postgres://…`
 */
export function openStore(url: string, options: StoreOptions = {}): Store {
  const engine: Engine = url.startsWith('file:') ? 'sqlite' : 'postgres';
  const onError = (error: unknown) => {
    if (isRefusedWrite(error)) options.onRefusedWrite?.();
  };
  const db = new Kysely<Database>({
    dialect:
      engine === 'sqlite'
        ? sqliteDialect(openSqlite(url.slice('file:'.length), options.now ?? Date.now), onError)
        : postgresDialect(openPostgres(url, options.onIdleError ?? (() => {}), options.silenceMs, onError)),
  });
  return {
    db,
    engine,
    close: () => db.destroy(),
    transaction: async (work) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await db.transaction().execute(work);
        } catch (error) {
          if (attempt >= TRIES || !isRollbackToRepeat(error)) throw error;
          await new Promise((resolve) => setTimeout(resolve, attempt * attempt * (1 + Math.random()) * 2));
        }
      }
    },
  };
}

/**
 * A commit that was answered must survive power loss.
 *
 * @throws AppError `store.not_durable` where the server is set up to forget
 */
export async function assertDurable(store: Store): Promise<void> {
  if (store.engine === 'sqlite') {
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(store.db);
    const FULL = 2;
    if ((rows[0]?.synchronous ?? 0) < FULL) throw new AppError('store.not_durable');
    return;
  }
  const { rows } = await sql<{ commit: string; fsync: string }>`
    select current_setting('synchronous_commit') as commit, current_setting('fsync') as fsync`.execute(
    store.db,
  );
  if (rows[0]?.commit === 'off' || rows[0]?.fsync === 'off')
    throw new AppError('store.not_durable', {
      message:
        'PostgreSQL runs with synchronous_commit=off or fsync=off: a confirmed payment could be forgotten',
    });
}
