import type { PayoutState } from '../db/schema.ts';
import type { Db } from '../db/store.ts';

export type BatchSummary = {
  batchId: string;
  state: 'ready' | 'sending' | 'stopped';
  reason: string | null;
  createdAtMs: number;
  createdBy: string;
  /** How many payouts stand where, and what they come to. */
  states: { state: PayoutState; count: number; centavos: number }[];
};

/** Batches, the newest first, with what became of them. */
export async function listBatches(db: Db, limit: number): Promise<BatchSummary[]> {
  const batches = await db
    .selectFrom('payout_batches')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  if (batches.length === 0) return [];
  const sums = await db
    .selectFrom('payouts')
    .select((eb) => [
      'batch_id',
      'state',
      eb.fn.countAll<number>().as('count'),
      eb.fn.sum<number>('amount_centavos').as('centavos'),
    ])
    .where(
      'batch_id',
      'in',
      batches.map(({ id }) => id),
    )
    .groupBy(['batch_id', 'state'])
    .orderBy('state')
    .execute();
  return batches.map((batch) => ({
    batchId: batch.id,
    state: batch.state,
    reason: batch.reason,
    createdAtMs: batch.created_at,
    createdBy: batch.created_by,
    states: sums
      .filter((sum) => sum.batch_id === batch.id)
      .map(({ state, count, centavos }) => ({ state, count: Number(count), centavos: Number(centavos) })),
  }));
}

/** Batches with something to send, however old. @returns two of them at most, which is one too many to choose from */
export async function openBatches(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('payouts')
    .select('batch_id')
    .distinct()
    .where('state', 'in', ['ready', 'held'])
    .where('staff_decided', '=', 0)
    .limit(2)
    .execute();
  return rows.map((row) => row.batch_id);
}

export type PayoutLine = {
  payoutId: string;
  batchId: string;
  line: number;
  state: PayoutState;
  reason: string | null;
  amountCentavos: number;
  customerId: string;
  sentAtMs: number | null;
  /** Alarms that nobody has seen to, e.g. `contradiction` where it was paid after a refusal. */
  alarms: string[];
};

/** Payouts of a batch or in a state, by batch and line. */
export async function listPayouts(
  db: Db,
  filter: { batchId?: string | undefined; states?: readonly PayoutState[]; limit: number },
): Promise<PayoutLine[]> {
  let query = db.selectFrom('payouts').selectAll();
  if (filter.batchId !== undefined) query = query.where('batch_id', '=', filter.batchId);
  if (filter.states) query = query.where('state', 'in', filter.states);
  const rows = await query.orderBy('batch_id').orderBy('line').limit(filter.limit).execute();
  const alarms = await openAlarms(db);
  return rows.map((row) => ({
    payoutId: row.id,
    batchId: row.batch_id,
    line: row.line,
    state: row.state,
    reason: row.reason,
    amountCentavos: row.amount_centavos,
    customerId: row.customer_id,
    sentAtMs: row.sent_at,
    alarms: alarms.get(row.id) ?? [],
  }));
}

/** By what they are about. There are few, or nobody would look at them. */
async function openAlarms(db: Db): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('alarms')
    .select(['kind', 'subject'])
    .where('acknowledged_at', 'is', null)
    .orderBy('kind')
    .execute();
  const found = new Map<string, string[]>();
  for (const { kind, subject } of rows) found.set(subject, [...(found.get(subject) ?? []), kind]);
  return found;
}
