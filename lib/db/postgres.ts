import { type Dialect, PostgresDialect } from 'kysely';
import { Pool, type PoolConfig, types } from 'pg';

const INT8_OID = 20;

/** `pg` answers bigint as text; ours are milliseconds and centavos, which doubles hold exactly. */
const numbers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8_OID ? Number : types.getTypeParser(oid, format as 'text'),
} as PoolConfig['types'];

const LIMITS = "set statement_timeout = '10s'; set idle_in_transaction_session_timeout = '10s'";

export function openPostgres(url: string, onIdleError: (error: unknown) => void): Pool {
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    types: numbers,
  });
  pool.on('error', onIdleError);
  // As statements, not as start-up parameters, which PgBouncer refuses.
  pool.on('connect', (client) => client.query(LIMITS).catch(() => {}));
  // A connection that dies while a transaction holds it says so twice: to the statement, which fails, and as an event
  // that would end the process if nobody listened.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

export const postgresDialect = (pool: Pool): Dialect => new PostgresDialect({ pool });
