import type { Ids } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { type Db, nowMs } from './store.ts';

/** What staff is told of at once. Each is a row until somebody acknowledges it, and one error line in the log. */
export type AlarmKind =
  | 'maya_client_refused' // Maya Connect does not take our ID and secret
  | 'maya_configuration' // Maya refuses a request of ours as wrong
  | 'create_wrong_echo' // Maya answered create with another payment's figures
  | 'execute_mismatch' // an execute spoke of another id, amount, currency or merchant
  | 'py0010_without_execute' // "already processed" although no execute of ours is open
  | 'contradiction' // two final facts of one payment contradict each other
  | 'duplicate_paid' // an order was charged twice
  | 'second_success' // two payments of one order took money; the subject is the order
  | 'paid_after_close' // a payment came through after its order was cancelled or had expired
  | 'other_payment_paid' // a payment is in doubt while another one paid the order
  | 'payment_in_review' // no machine can learn the outcome
  | 'provider_id_reused' // Maya gave the same payment id twice
  | 'tokens_of_another_customer' // a refresh answered with somebody else's tokens
  | 'ecommpay_configuration' // ECommPay refuses a request of ours as wrong
  | 'money_differs' // ECommPay spoke of another amount, currency, project or type than ours
  | 'second_operation' // two operations of one ECommPay payment took money, or of one payout paid it
  | 'unexpected_status' // a status that this method does not have: a refund, a hold
  | 'status_unanswered' // ECommPay answered no question after a callback that says nothing by itself
  | 'ambiguous_callback' // one that may say where to send a customer, who waits for that, and is not believed
  | 'unknown_payment' // an authentic callback speaks of a payment that is not ours
  | 'payout_in_review' // no machine can learn what became of a payout
  | 'payout_duplicate' // refused as a duplicate of an operation with the same customer and amount
  | 'payout_clarification' // somebody on the way wants more data
  | 'payout_batch_stopped' // no balance, no connection, or every payout would be refused
  | 'outbox_stuck'; // an event could not be delivered for long

export type Alarm = { kind: AlarmKind; subject: string };

/** @param subject an id of ours (payment, session, event) or a fixed word; never anything personal */
export async function raiseAlarm(
  deps: { ids: Ids; log: Log },
  db: Db,
  { kind, subject }: Alarm,
): Promise<void> {
  const raised = await db
    .insertInto('alarms')
    .values({ id: deps.ids.key(), kind, subject, since: nowMs, last_at: nowMs, times: 1 })
    .onConflict((conflict) => conflict.columns(['kind', 'subject']).doNothing())
    .returning('id')
    .executeTakeFirst();
  const again = (db: Db) =>
    db
      .updateTable('alarms')
      .set((eb) => ({
        last_at: nowMs,
        times: eb('times', '+', 1),
        acknowledged_at: null,
        acknowledged_by: null,
      }))
      .where('kind', '=', kind)
      .where('subject', '=', subject);
  const reopened =
    raised ?? (await again(db).where('acknowledged_at', 'is not', null).returning('id').executeTakeFirst());
  // New, or back after somebody had dealt with it. While it stands it is said once.
  if (reopened) deps.log.error('alarm', { alarm: kind, subject });
  else await again(db).execute();
}

/** Alarms nobody has acknowledged. */
export async function countOpenAlarms(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('alarms')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('acknowledged_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}
