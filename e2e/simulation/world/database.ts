import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { migrate } from '#lib/db/migrate.ts';
import type { Database as Tables } from '#lib/db/schema.ts';
import { openSqlite, sqliteDialect } from '#lib/db/sqlite.ts';
import { WATCHES } from './watches.ts';

type Row = Record<string, unknown>;

/**
 * The one store of a simulated world: SQLite in memory with the real schema, made once and emptied between worlds.
 * `now_ms()` is the world's. Triggers of ours look on and note what no schedule may ever do.
 */
export class Database {
  readonly raw: DatabaseSync;
  now: () => number = () => 0;
  /** Counts what was kept: whoever caches something of the store asks again when it moved. */
  changes = 0;
  readonly #readers = new Map<string, boolean>();
  readonly #statements = new Map<string, StatementSync>();

  static async open(): Promise<Database> {
    const opened = new Database();
    const db = new Kysely<Tables>({ dialect: sqliteDialect(opened.raw) });
    await migrate({
      db,
      engine: 'sqlite',
      transaction: (work) => db.transaction().execute(work),
      close: () => db.destroy(),
    });
    opened.raw.exec(WATCHES);
    return opened;
  }

  private constructor() {
    this.raw = openSqlite(':memory:', () => this.now());
  }

  prepare(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known) return known;
    const made = this.raw.prepare(text);
    this.#statements.set(text, made);
    return made;
  }

  /** Whether a statement gives rows; asking SQLite each time takes longer than most statements. */
  reads(text: string): boolean {
    let reads = this.#readers.get(text);
    if (reads === undefined) {
      reads = this.prepare(text).columns().length > 0;
      this.#readers.set(text, reads);
    }
    return reads;
  }

  all<T = Row>(text: string, ...parameters: SQLInputValue[]): T[] {
    return this.prepare(text).all(...parameters) as T[];
  }

  get<T = Row>(text: string, ...parameters: SQLInputValue[]): T | undefined {
    return this.prepare(text).get(...parameters) as T | undefined;
  }

  tables(): string[] {
    return this.all<{ name: string }>(
      `select name from sqlite_master where type = 'table' and name not in ('schema_migrations') order by name`,
    ).map(({ name }) => name);
  }

  /** Empties every table. */
  wipe(): void {
    if (this.raw.isTransaction) this.raw.exec('rollback');
    this.raw.exec(
      `begin; ${this.tables()
        .map((name) => `delete from ${name};`)
        .join(' ')} commit`,
    );
    this.changes += 1;
  }
}
