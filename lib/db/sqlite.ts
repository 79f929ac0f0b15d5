import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

const BUSY_TIMEOUT_MS = 5_000;
const CACHED_STATEMENTS = 500;

/**
 * Opens SQLite so that a commit that was answered survives power loss: WAL with `synchronous=FULL`.
 *
 * @param path a file, made with its folders when absent, or `:memory:`
 * @param now the store's clock behind `now_ms()`
 */
export function openSqlite(path: string, now: () => number): DatabaseSync {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
  database.function('now_ms', () => Math.trunc(now()));
  return database;
}

/** Kysely's view of a statement, over Node's. Prepared statements are kept by their text. */
function adapt(database: DatabaseSync, onError: (error: unknown) => void) {
  const cache = new Map<string, Adapted>();
  type Adapted = {
    reader: boolean;
    all(parameters: ReadonlyArray<unknown>): unknown[];
    run(parameters: ReadonlyArray<unknown>): { changes: number | bigint; lastInsertRowid: number | bigint };
    iterate(parameters: ReadonlyArray<unknown>): IterableIterator<unknown>;
  };
  const heard = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      onError(error);
      throw error;
    }
  };
  const wrap = (statement: StatementSync): Adapted => ({
    reader: statement.columns().length > 0,
    all: (parameters) => heard(() => statement.all(...(parameters as SQLInputValue[]))),
    run: (parameters) => heard(() => statement.run(...(parameters as SQLInputValue[]))),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  });
  return {
    close: () => database.close(),
    prepare: (text: string): Adapted => {
      const known = cache.get(text);
      if (known) return known;
      const made = wrap(database.prepare(text));
      if (cache.size < CACHED_STATEMENTS) cache.set(text, made);
      return made;
    },
  };
}

/** `begin immediate`: a transaction that is going to write takes the lock at its start, not halfway. */
class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/** @param onError hears of every statement that failed */
export function sqliteDialect(database: DatabaseSync, onError: (error: unknown) => void = () => {}): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: (): Driver => new ImmediateSqliteDriver({ database: adapt(database, onError) }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
