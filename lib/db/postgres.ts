import type { Duplex } from 'node:stream';
import { type Dialect, PostgresDialect } from 'kysely';
import { Pool, type PoolClient, type PoolConfig, types } from 'pg';

const INT8_OID = 20;

/** `pg` answers bigint as text; ours are milliseconds and centavos, which doubles hold exactly. */
const numbers = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8_OID ? Number : types.getTypeParser(oid, format as 'text'),
} as PoolConfig['types'];

const LIMITS = "set statement_timeout = '10s'; set idle_in_transaction_session_timeout = '10s'";

/** Above the server's own limit: a query that is silent for longer has lost its line without being told. */
const SILENCE_MS = 15_000;

/**
 * @param silenceMs after how long without an answer a query's connection is given up
 * @param onError hears of every statement that failed
 */
export function openPostgres(
  url: string,
  onIdleError: (error: unknown) => void,
  silenceMs = SILENCE_MS,
  onError: (error: unknown) => void = () => {},
): Pool {
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
  pool.on('connect', (client) => watchQueries(client, silenceMs, onError));
  return pool;
}

/**
 * A firewall that forgot a connection drops its bytes without a word, and TCP goes on trying for a quarter of an hour;
 * ten such connections would be the whole pool. `pg` has a limit of its own, but puts the connection back into the pool.
 */
function watchQueries(client: PoolClient, silenceMs: number, onError: (error: unknown) => void): void {
  const { connection } = client as unknown as { connection: { stream: Duplex } };
  const query = client.query.bind(client) as (...call: unknown[]) => unknown;
  const limited = (...call: unknown[]) => {
    const answer = query(...call);
    if (answer instanceof Promise) {
      const timer = setTimeout(
        () => connection.stream.destroy(new Error('PostgreSQL is silent: the connection is given up')),
        silenceMs,
      );
      timer.unref();
      const answered = () => clearTimeout(timer);
      answer.then(answered, (error: unknown) => {
        answered();
        onError(error);
      });
    }
    return answer;
  };
  client.query = limited as PoolClient['query'];
}

export const postgresDialect = (pool: Pool): Dialect => new PostgresDialect({ pool });
