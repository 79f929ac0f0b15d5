import type { Selectable } from 'kysely';
import { hasCode } from '../base/errors.ts';
import type { PayoutState, PayoutsTable } from '../db/schema.ts';
import type { Db } from '../db/store.ts';
import { type GatePayout, gatePayoutParameters } from '../ecommpay/gate-payout.ts';
import type { PayoutRail } from './deps.ts';
import { factSchema, type PayoutEvent } from './facts.ts';
import { openRecipient, type PayoutKeys } from './recipient.ts';

export type PayoutRow = Selectable<PayoutsTable>;

/** Something was sent, and its end is not known. */
export const UNSETTLED: readonly PayoutState[] = ['unknown', 'processing', 'review'];

export async function findPayout(db: Db, id: string): Promise<PayoutRow | null> {
  return (await db.selectFrom('payouts').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** Its end is known; only what ECommPay says, or a person, can still change it. */
export const isFinal = (state: PayoutState): boolean => ['paid', 'declined', 'failed'].includes(state);

/** All facts of a payout, in the order they were recorded. */
export async function loadEvents(db: Db, payoutId: string): Promise<PayoutEvent[]> {
  const rows = await db
    .selectFrom('payout_events')
    .select(['number', 'kind', 'data', 'recorded_at', 'recorded_by'])
    .where('payout_id', '=', payoutId)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({
    number: row.number,
    recordedAtMs: row.recorded_at,
    recordedBy: row.recorded_by,
    fact: factSchema.parse({ kind: row.kind, ...(JSON.parse(row.data) as object) }),
  }));
}

/** The very same at every repeat. @throws AppError `payout.seal` */
function requestOf(keys: PayoutKeys, rail: PayoutRail, row: PayoutRow): GatePayout {
  return {
    paymentId: row.id,
    amountCentavos: row.amount_centavos,
    customerId: row.customer_id,
    ...openRecipient(keys, row.id, row.sealed_recipient),
    callbackUrl: row.callback_url ?? rail.callbackUrl,
  };
}

/**
 * The request of a payout that may be sent; else why not. Found out before anything is recorded as sent.
 *
 * - `unreadable`: its recipient was sealed with a password that is gone.
 * - `not_sendable`: its values must not be sent, e.g. under the limits of now.
 */
export function sendableRequest(
  keys: PayoutKeys,
  rail: PayoutRail,
  row: PayoutRow,
): GatePayout | 'unreadable' | 'not_sendable' {
  try {
    const request = requestOf(keys, rail, row);
    gatePayoutParameters(rail.api.settings, request);
    return request;
  } catch (error) {
    if (hasCode(error, 'payout.seal')) return 'unreadable';
    if (hasCode(error, 'ecommpay.request_refused')) return 'not_sendable';
    throw error;
  }
}
