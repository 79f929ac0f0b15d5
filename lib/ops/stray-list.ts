import type { Db } from '../db/store.ts';

/** An authentic callback that matches no payment of ours. */
export type StrayRow = {
  id: string;
  /** The payment that ECommPay speaks of. */
  providerPaymentId: string;
  /** What it says of it: status, type, sum, operation. */
  report: unknown;
  firstAtMs: number;
  lastAtMs: number;
  times: number;
};

const SHOWN = 200;

/** The newest first. */
export async function listStrays(db: Db): Promise<StrayRow[]> {
  const rows = await db
    .selectFrom('stray_callbacks')
    .selectAll()
    .orderBy('last_at', 'desc')
    .orderBy('id', 'desc')
    .limit(SHOWN)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    providerPaymentId: row.provider_payment_id,
    report: JSON.parse(row.report) as unknown,
    firstAtMs: row.first_at,
    lastAtMs: row.last_at,
    times: row.times,
  }));
}
