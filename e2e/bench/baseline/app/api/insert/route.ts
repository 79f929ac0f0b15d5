import { randomUUID } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Pool } from 'pg';

/** The least a Session URL could be: reads the body, writes one row durably, answers with an id. */

const url = process.env.BASELINE_DATABASE_URL ?? 'file::memory:';

type Insert = (id: string, body: string) => Promise<void>;

function sqlite(path: string): Insert {
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  database.exec('create table if not exists rows (id text primary key, body text not null)');
  const insert: StatementSync = database.prepare('insert into rows values (?, ?)');
  return async (id, body) => {
    insert.run(id, body);
  };
}

function postgres(): Insert {
  const pool = new Pool({ connectionString: url, max: 10 });
  const ready = pool.query('create table if not exists rows (id text primary key, body text not null)');
  return async (id, body) => {
    await ready;
    await pool.query('insert into rows values ($1, $2)', [id, body]);
  };
}

let insert: Insert | undefined;

export async function POST(request: Request) {
  insert ??= url.startsWith('file:') ? sqlite(url.slice('file:'.length)) : postgres();
  const body = (await request.json()) as { accessToken: string };
  const id = randomUUID();
  await insert(id, JSON.stringify(body));
  return Response.json({ id });
}
