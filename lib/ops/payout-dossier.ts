import type { Db } from '../db/store.ts';
import { findPayout, loadEvents } from '../payouts/payout.ts';
import { isWiped, maskName, maskNumber, openRecipient, type PayoutKeys } from '../payouts/recipient.ts';
import { notPaidFromMs } from '../payouts/staff.ts';

/**
 * Everything on record about a payout, its recipient masked; `null` where there is none.
 *
 * @param limitMs how long ECommPay works on a payout at most
 */
export async function openPayoutDossier(db: Db, keys: PayoutKeys, id: string, limitMs: number) {
  const row = await findPayout(db, id);
  if (!row) return null;
  const [events, ledger, alarms, audit] = await Promise.all([
    loadEvents(db, id),
    db.selectFrom('payout_ledger').selectAll().where('payout_id', '=', id).orderBy('number').execute(),
    db.selectFrom('alarms').selectAll().where('subject', '=', id).orderBy('since').execute(),
    db.selectFrom('audit').selectAll().where('subject', 'in', [id, row.batch_id]).orderBy('at').execute(),
  ]);
  const { sealed_recipient: sealed, content: _digest, ...payout } = row;
  const notPaidFrom = notPaidFromMs(events, limitMs);
  return {
    payout,
    recipient: masked(keys, id, sealed),
    events,
    ledger,
    alarms,
    audit,
    notPaidFromMs: notPaidFrom,
  };
}

/** Where it cannot be read any more, the rest still can. */
function masked(
  keys: PayoutKeys,
  id: string,
  sealed: string,
): { number: string; name: string } | 'wiped' | null {
  if (isWiped(sealed)) return 'wiped';
  try {
    const { accountNumber, customerName } = openRecipient(keys, id, sealed);
    return { number: maskNumber(accountNumber), name: maskName(customerName) };
  } catch {
    return null;
  }
}
