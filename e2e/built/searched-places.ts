import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Stage } from './stage.ts';

/** Every text of this length that a secret contains would be too much; a secret's first half is telling enough. */
export const piece = (secret: string) =>
  secret.slice(0, Math.max(16, Math.min(48, Math.floor(secret.length / 2))));

/** Everything that the build gives to browsers. */
export function bundle(): string {
  return readdirSync('.next/static', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

/** Everything that the servers of a stage printed. */
export const logsOf = (stage: Stage) => stage.servers.flatMap((server) => server.output);

/** Everything the store holds, as text. */
export async function dump({ store }: Stage): Promise<string> {
  const tables = [
    'sessions',
    'carts',
    'orders',
    'payments',
    'payment_events',
    'ecommpay_sales',
    'stray_callbacks',
    'outbox',
    'alarms',
    'tasks',
    'audit',
    'pickups',
  ];
  const parts: string[] = [];
  for (const table of tables)
    parts.push(JSON.stringify((await sql`select * from ${sql.table(table)}`.execute(store.db)).rows));
  return parts.join('\n');
}
