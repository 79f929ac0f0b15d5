import { holdsNow, type Moment, msSince } from '../base/fresh.ts';
import { errorFields } from '../base/log.ts';
import { nowMs } from '../db/store.ts';
import type { CallTokens } from '../maya/api.ts';
import { type ExecuteOutcome, executePayment } from '../maya/execute-payment.ts';
import type { PaymentDeps } from './deps.ts';
import { isTakenByAnother, mayCharge } from './may-charge.ts';
import { SEND_UNASKED_MS, SEND_WITHIN_MS } from './timing.ts';

/** An execute that stands on record and is to be sent now. */
export type RecordedExecute = {
  attempt: number;
  /** Of this attempt. */
  reference: string;
  /** Of the create that gave the id; Maya repeats it. */
  createReference: string;
  providerId: string;
  amountCentavos: number;
  tokens: CallTokens;
  /** Nothing that was sent before may have charged: this one begins the charge. */
  begins: boolean;
  /** Before it was decided and recorded. */
  decided: Moment;
};

/** It was recorded and then not sent: it charged nothing. */
export const NOT_ALLOWED: ExecuteOutcome = { kind: 'not_connected', reason: 'not_allowed' };

/**
 * Sends an execute that was recorded a moment ago. Where that moment was a long one, because the process stood still or
 * the store was slow, others may have settled the payment and a person may have decided: then it leaves only if it still
 * may, and not where even that took very long. One that does not leave, or of which the store cannot tell, is known to
 * have charged nothing.
 */
export async function sendExecute(
  deps: PaymentDeps,
  paymentId: string,
  holder: string,
  execute: RecordedExecute,
): Promise<ExecuteOutcome> {
  const ageMs = () => msSince(deps.clock, execute.decided);
  if (ageMs() > SEND_UNASKED_MS && !(await mayStillLeave(deps, paymentId, holder, execute)))
    return NOT_ALLOWED;
  if (ageMs() > SEND_WITHIN_MS) return NOT_ALLOWED;
  return executePayment(deps.maya, execute.tokens, execute.providerId, execute.reference, {
    p2mId: deps.payments.p2mId,
    amountCentavos: execute.amountCentavos,
    requestReferenceNumber: execute.createReference,
  });
}

async function mayStillLeave(
  deps: PaymentDeps,
  paymentId: string,
  holder: string,
  { begins }: RecordedExecute,
): Promise<boolean> {
  const { db } = deps.store;
  const mayAskAgain = async () => {
    const payment = await db
      .selectFrom('payments')
      .select('order_id')
      .where('id', '=', paymentId)
      .where('lease_by', '=', holder)
      // One that lapsed is there for the taking: a person may decide while the repeat leaves.
      .where('lease_until', '>=', nowMs)
      .where('staff_decided', '=', 0)
      .executeTakeFirst();
    return payment !== undefined && !(await isTakenByAnother(db, payment.order_id, paymentId));
  };
  try {
    // Of one that may have charged, a repeat only asks what became of it.
    return await holdsNow(deps.clock, begins ? () => mayCharge(db, paymentId, holder) : mayAskAgain);
  } catch (error) {
    deps.log.error('payment.not_sent', { payment: paymentId, ...errorFields(error) });
    return false;
  }
}
