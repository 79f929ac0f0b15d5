import { type CodeMeaning, DUPLICATE_PAYMENT_ID, meaningOf, readCode } from './codes.ts';
import type { GateAnswer } from './gate-call.ts';

/**
 * What the immediate answer to a sale or payout came to (contract 4.2): the state of the *request*, never of the
 * payment.
 *
 * - `accepted`: taken for processing; the outcome comes by callback.
 * - `refused`: no operation was made.
 * - `duplicate`: this `payment_id` was taken before; ask for its status.
 * - `unclear`, `lost`: it may have been taken; ask for its status.
 * - `not_connected`: known not to have been sent.
 */
export type AcceptOutcome =
  | { kind: 'accepted'; requestId: string | null }
  | { kind: 'refused'; status: number; code: string; meaning: CodeMeaning }
  | { kind: 'duplicate' }
  | { kind: 'unclear'; reason: string; status: number; code: string | null }
  | { kind: 'lost'; reason: string }
  | { kind: 'not_connected'; reason: string };

/** Codes that say why a request was refused. Others, internal errors above all, leave open whether it was. */
const REFUSALS = new Set<CodeMeaning>(['declined', 'retry_later', 'configuration', 'our_fault']);

/** Answers to a request need no signature, but one that is there must be right (contract 2.1, 4.2). */
export function readAccepted({ status, message }: GateAnswer, paymentId: string): AcceptOutcome {
  const unclear = (reason: string, code: string | null = null): AcceptOutcome => ({
    kind: 'unclear',
    reason,
    status,
    code,
  });
  if (message.kind === 'unreadable' || message.kind === 'forged') return unclear(message.kind);
  const { value } = message;
  if (value.payment_id !== undefined && value.payment_id !== paymentId) return unclear('other_payment');
  if (status === 200 && value.status === 'success')
    return { kind: 'accepted', requestId: typeof value.request_id === 'string' ? value.request_id : null };

  const code = readCode(value.code);
  const isAnswer = status === 200 ? value.status === 'error' : status >= 400 && status < 500;
  if (!isAnswer || code === null) return unclear(`status_${status}`, code);
  if (code === DUPLICATE_PAYMENT_ID) return { kind: 'duplicate' };
  const meaning = meaningOf(code);
  return REFUSALS.has(meaning) ? { kind: 'refused', status, code, meaning } : unclear('code', code);
}
