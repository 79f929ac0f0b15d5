import type { Fact, PaymentEvent } from '../facts.ts';
import type { Said } from './facts.ts';

/** Facts of a payment over ECommPay, as its specs write them down. */

const MINUTE = 60_000;
export const number = (facts: Fact[]): PaymentEvent[] =>
  facts.map((fact, index) => ({ number: index + 1, recordedAtMs: 0, recordedBy: 'test', fact }));

export const page: Fact = {
  kind: 'page_handed',
  attempt: 1,
  paymentId: 'p',
  project: 580,
  bestBeforeMs: 30 * MINUTE,
  releaseAtMs: 60 * MINUTE,
};
export const sale = (attempt = 1): Fact => ({
  kind: 'sale_attempt',
  attempt,
  paymentId: 'p',
  project: 580,
  baseMs: 30 * MINUTE,
});
export type Outcome = Extract<Fact, { kind: 'sale_answer' }>['outcome'];
export const answer = (outcome: Outcome, attempt = 1): Fact => ({ kind: 'sale_answer', attempt, outcome });
export const accepted: Outcome = { kind: 'accepted', requestId: 'r' };
export const duplicate: Outcome = { kind: 'duplicate' };
export const lost: Outcome = { kind: 'lost', reason: 'timeout' };
export const unclear: Outcome = { kind: 'unclear', reason: 'code', status: 400, code: '501' };
export const notSent: Outcome = { kind: 'not_connected', reason: 'not_connected' };
export const refused = (
  code: string,
  meaning: Extract<Outcome, { kind: 'refused' }>['meaning'],
): Outcome => ({
  kind: 'refused',
  status: 400,
  code,
  meaning,
});

export const say = (reading: Said['reading'], changes: Partial<Said> = {}): Said => ({
  status: reading === 'pending' ? 'processing' : reading,
  reading,
  differs: [],
  amount: 149_950,
  currency: 'PHP',
  operation: '590',
  operationStatus: null,
  code: null,
  atMs: null,
  succeeded: [],
  ...changes,
});
export const callback = (...said: Parameters<typeof say>): Fact => ({
  kind: 'callback_said',
  said: say(...said),
});
export const status = (...said: Parameters<typeof say>): Fact => ({
  kind: 'status_said',
  said: say(...said),
});
/** A callback that says nothing by itself. */
export const ambiguous = (digest: string): Fact =>
  callback('pending', {
    status: 'ambiguous',
    amount: null,
    currency: null,
    operation: null,
    ambiguous: digest,
  });
export const settled = (digest: string, answered = true): Fact => ({
  kind: 'ambiguity_settled',
  digest,
  answered,
});
export const notFound = (late: boolean, afterAttempt = 1): Fact => ({
  kind: 'status_not_found',
  afterAttempt,
  late,
});
export const redirect: Fact = { kind: 'redirect_offered', digest: 'd', usable: true };
export const decided = (decision: 'charged' | 'not_charged', seen: number): Fact => ({
  kind: 'staff_decided',
  id: 'd1',
  decision,
  actor: 'ana',
  evidence: 'Dashboard',
  seen,
});
export const otherSum = { differs: ['amount' as const], amount: 1 };
