import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** Where the suite finds a PostgreSQL server; it makes and drops its own databases there. */
export const POSTGRES_URL = process.env.TEST_POSTGRES_URL || 'postgres://postgres@127.0.0.1:5432/postgres';

/** An empty PostgreSQL database. */
export async function makeDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `mini_app_test_${randomUUID().replaceAll('-', '')}`;
  await administer(`create database ${name}`);
  const url = new URL(POSTGRES_URL);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`drop database if exists ${name} with (force)`) };
}

async function administer(statement: string): Promise<void> {
  const client = new Client({ connectionString: POSTGRES_URL });
  try {
    await client.connect();
  } catch (cause) {
    throw new Error(
      `No PostgreSQL server at ${new URL(POSTGRES_URL).host}. Start one, e.g. ` +
        '"docker run -d -p 5432:5432 -e POSTGRES_HOST_AUTH_METHOD=trust postgres:17", or name yours in TEST_POSTGRES_URL.',
      { cause },
    );
  }
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
