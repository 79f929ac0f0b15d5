import { type RawBuilder, sql } from 'kysely';
import { nowPlus } from './store.ts';

/**
 * What `next_ask_at` holds while somebody looks after the row: whoever wants an earlier look meanwhile overwrites it, and a
 * process that dies leaves a row that is due.
 */
export const LOOKED_AT = 0;

/** For `next_ask_at`: so many milliseconds from now, or earlier where somebody asked for that during the look. */
export function nextLook(inMs: number): RawBuilder<number> {
  const planned = nowPlus(inMs);
  return sql<number>`case
    when next_ask_at > ${sql.lit(LOOKED_AT)} and next_ask_at < ${planned} then next_ask_at else ${planned} end`;
}
