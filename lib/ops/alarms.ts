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
  /** Of all alarms about this subject: {@link seenNumber}. */
  seen: number;
};

/**
 * How often alarms about one subject were raised, of all kinds, the ones that somebody has seen to included. Whatever is
 * raised makes it a higher one, so it says what a person had seen.
 */
export const seenNumber = (ofSubject: readonly { times: number }[]): number =>
  ofSubject.reduce((sum, { times }) => sum + times, 0);

/** All of them, the oldest first. */
export async function listAlarms(db: Db): Promise<OpenAlarm[]> {
  // In one statement, so that the number tells of nothing that is not listed.
  const rows = await db
    .selectFrom('alarms')
    .select(['kind', 'subject', 'since', 'last_at', 'times', 'acknowledged_at'])
    .where('subject', 'in', db.selectFrom('alarms').select('subject').where('acknowledged_at', 'is', null))
    .orderBy('since')
    .orderBy('id')
    .execute();
  const bySubject = Map.groupBy(rows, ({ subject }) => subject);
  return rows
    .filter(({ acknowledged_at: acknowledgedAt }) => acknowledgedAt === null)
    .map(({ kind, subject, since, last_at: lastAtMs, times }) => ({
      kind,
      subject,
      sinceMs: since,
      lastAtMs,
      times,
      seen: seenNumber(bySubject.get(subject) ?? []),
    }));
}

/**
 * Somebody has looked into what the open alarms about one subject tell of. What comes anew raises them again. An alarm can
 * be the only trace of a second charge, so one that was raised since that person looked closes with none of the others.
 *
 * @param seen the number that stood beside the alarms when they were looked at
 * @param what `payout.acknowledge` or `alarm.acknowledge`, for the audit
 * @returns their kinds; `changed` where something was raised since, and nothing is closed
 */
export async function acknowledgeAlarms(
  deps: { store: Store; ids: Ids },
  subject: string,
  seen: number,
  { actor, evidence }: { actor: string; evidence: string },
  what: 'payout.acknowledge' | 'alarm.acknowledge',
): Promise<string[] | 'changed' | 'none_open'> {
  return deps.store.transaction(async (tx) => {
    // Locks the rows by writing them: what is raised again meanwhile waits, and is then raised after this.
    await tx
      .updateTable('alarms')
      .set((eb) => ({ times: eb.ref('times') }))
      .where('subject', '=', subject)
      .execute();
    const known = await tx
      .selectFrom('alarms')
      .select(['id', 'kind', 'times', 'acknowledged_at'])
      .where('subject', '=', subject)
      .execute();
    const open = known.filter(({ acknowledged_at: acknowledgedAt }) => acknowledgedAt === null);
    if (open.length === 0) return 'none_open';
    if (seenNumber(known) !== seen) return 'changed';
    await tx
      .updateTable('alarms')
      .set({ acknowledged_at: nowMs, acknowledged_by: actor })
      .where(
        'id',
        'in',
        open.map(({ id }) => id),
      )
      .execute();
    const kinds = open.map(({ kind }) => kind).sort();
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
