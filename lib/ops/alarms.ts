import type { Ids } from '../base/ids.ts';
import { type Db, nowMs, type Store } from '../db/store.ts';

/** An alarm that nobody has seen to. */
export type OpenAlarm = {
  kind: string;
  /** A payment, payout, batch, order or session of ours, or a fixed word. */
  subject: string;
  sinceMs: number;
  lastAtMs: number;
  times: number;
};

/** All of them, the oldest first. */
export async function listAlarms(db: Db): Promise<OpenAlarm[]> {
  const rows = await db
    .selectFrom('alarms')
    .select(['kind', 'subject', 'since', 'last_at', 'times'])
    .where('acknowledged_at', 'is', null)
    .orderBy('since')
    .orderBy('id')
    .execute();
  return rows.map(({ kind, subject, since, last_at: lastAtMs, times }) => ({
    kind,
    subject,
    sinceMs: since,
    lastAtMs,
    times,
  }));
}

/**
 * Somebody has looked into what the open alarms about one subject tell of. What comes anew raises them again.
 *
 * @param what `payout.acknowledge` or `alarm.acknowledge`, for the audit
 * @returns their kinds
 */
export async function acknowledgeAlarms(
  deps: { store: Store; ids: Ids },
  subject: string,
  { actor, evidence }: { actor: string; evidence: string },
  what: 'payout.acknowledge' | 'alarm.acknowledge',
): Promise<string[]> {
  return deps.store.transaction(async (tx) => {
    const seen = await tx
      .updateTable('alarms')
      .set({ acknowledged_at: nowMs, acknowledged_by: actor })
      .where('subject', '=', subject)
      .where('acknowledged_at', 'is', null)
      .returning('kind')
      .execute();
    const kinds = seen.map(({ kind }) => kind).sort();
    if (kinds.length > 0)
      await tx
        .insertInto('audit')
        .values({
          id: deps.ids.key(),
          at: nowMs,
          actor,
          action: `${what} ${kinds.join(', ')}`,
          subject,
          evidence,
        })
        .execute();
    return kinds;
  });
}
