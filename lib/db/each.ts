import { type Insertable, type RawBuilder, type SqlBool, sql, type Updateable } from 'kysely';
import type { Database } from './schema.ts';
import type { Db, Engine, Tx } from './store.ts';

/**
 * Statements for many rows at once. Rows and keys are one parameter, however many there are, so that a statement has
 * one text: SQLite keeps it prepared, and PostgreSQL plans it once a call and not once a row.
 */

type Table = keyof Database;
type Rows = readonly object[];

/**
 * Which engine speaks behind a connection or a transaction. Not by the adapter's class: Next evaluates modules several
 * times in one process, and the store may come from another copy.
 */
export const engineOf = (db: Db): Engine =>
  db.getExecutor().adapter.supportsTransactionalDdl ? 'postgres' : 'sqlite';

/** `column` is one of `keys`. */
export function isOneOf(db: Db, column: string, keys: readonly string[]): RawBuilder<SqlBool> {
  return engineOf(db) === 'sqlite'
    ? sql`${sql.ref(column)} in (select value from json_each(${JSON.stringify(keys)}))`
    : sql`${sql.ref(column)} = any(${keys}::text[])`;
}

/**
 * Locks rows in one order of theirs until the transaction ends, so that two transactions that are about to write several
 * rows do not wait for each other. A transaction on SQLite has the whole store to itself already.
 */
export async function lockEach(
  tx: Tx,
  table: 'orders' | 'payments' | 'outbox',
  ids: readonly string[],
): Promise<void> {
  if (engineOf(tx) === 'sqlite') return;
  await tx
    .selectFrom(table)
    .select('id')
    .where(isOneOf(tx, 'id', ids))
    .orderBy('id')
    .forUpdate()
    .execute();
}

/**
 * The rows as a table to join with or to select from. All of them have the columns of the first one.
 *
 * @param table whose columns they are
 */
export function given(db: Db, table: Table, rows: Rows): RawBuilder<unknown> {
  const text = JSON.stringify(rows);
  if (engineOf(db) === 'postgres')
    return sql`json_populate_recordset(null::${sql.table(table)}, ${text}::json)`;
  const columns = columnsOf(rows).map((name) => sql`value ->> ${sql.lit(name)} as ${sql.ref(name)}`);
  return sql`(select ${sql.join(columns)} from json_each(${text}))`;
}

const columnsOf = ([first]: Rows): string[] => Object.keys(first ?? {});

/** Inserts rows that all name the same columns. */
export async function insertEach<T extends Table>(
  tx: Tx,
  table: T,
  rows: readonly Insertable<Database[T]>[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = sql.join(columnsOf(rows).map((name) => sql.ref(name)));
  await sql`insert into ${sql.table(table)} (${columns})
    select ${columns} from ${given(tx, table, rows)} as given`.execute(tx);
}

/** Updates rows, each to its own values. All name the same columns, and the key among them. */
export async function updateEach<T extends Table>(
  tx: Tx,
  table: T,
  key: keyof Database[T] & string,
  rows: readonly Updateable<Database[T]>[],
): Promise<void> {
  if (rows.length === 0) return;
  const changes = columnsOf(rows)
    .filter((name) => name !== key)
    .map((name) => sql`${sql.ref(name)} = ${sql.ref(`given.${name}`)}`);
  await sql`update ${sql.table(table)} set ${sql.join(changes)} from ${given(tx, table, rows)} as given
    where ${sql.ref(`${table}.${key}`)} = ${sql.ref(`given.${key}`)}`.execute(tx);
}
