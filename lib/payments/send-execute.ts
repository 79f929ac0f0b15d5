import type { CallTokens } from '../maya/api.ts';
import { type ExecuteOutcome, executePayment } from '../maya/execute-payment.ts';
import type { PaymentDeps } from './deps.ts';
import { mayCharge } from './may-charge.ts';
import { SEND_UNASKED_MS } from './timing.ts';

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
  /** Before it was decided and recorded, by the monotonic clock. */
  decidedAt: number;
};

const NOT_ALLOWED: ExecuteOutcome = { kind: 'not_connected', reason: 'not_allowed' };

/**
 * Sends an execute that was recorded a moment ago. Where that moment was a long one, because the process stood still or
 * the store was slow, others may have settled the payment and a person may have decided: then it leaves only if it still
 * may charge under the same lease.
 *
 * @throws where the store can't be asked; nothing was sent then, and the attempt counts as one without an answer
 */
export async function sendExecute(
  deps: PaymentDeps,
  paymentId: string,
  holder: string,
  execute: RecordedExecute,
): Promise<ExecuteOutcome> {
  const isLate = deps.clock.monotonic() - execute.decidedAt > SEND_UNASKED_MS;
  if (isLate && !(await mayCharge(deps.store.db, paymentId, holder))) return NOT_ALLOWED;
  return executePayment(deps.maya, execute.tokens, execute.providerId, execute.reference, {
    p2mId: deps.payments.p2mId,
    amountCentavos: execute.amountCentavos,
    requestReferenceNumber: execute.createReference,
  });
}
