import type { EcommpayApi } from './api.ts';
import { type CodeMeaning, meaningOf, NOT_FOUND, readCode } from './codes.ts';
import { callGate, type GateAnswer } from './gate-call.ts';
import { isObject } from './message.ts';
import { type Report, readReport } from './report.ts';
import { checked, sendableId } from './request-values.ts';

/**
 * What a status request came to (contract 6).
 *
 * - `found`: signed, and of our payment.
 * - `not_found`: ECommPay has no such payment; right after a time-out that says nothing yet.
 * - `refused`: it does not answer such questions of ours.
 * - `unclear`, `lost`, `not_connected`: nothing was learned. Payment data without a signature is nothing.
 */
export type StatusOutcome =
  | { kind: 'found'; report: Report }
  | { kind: 'not_found' }
  | { kind: 'refused'; status: number; code: string; meaning: CodeMeaning }
  | { kind: 'unclear'; reason: string; status: number; code: string | null }
  | { kind: 'lost'; reason: string }
  | { kind: 'not_connected'; reason: string };

/** `POST /v2/payment/status`, by our payment id. Asking moves nothing. */
export function askPaymentStatus(api: EcommpayApi, paymentId: string): Promise<StatusOutcome> {
  const payment_id = checked(sendableId, paymentId);
  return callGate(api, 'status', '/v2/payment/status', { general: { payment_id } }, (answer) =>
    readPaymentStatus(answer, paymentId),
  );
}

/** Reads an answer. Never throws. */
export function readPaymentStatus({ status, message }: GateAnswer, paymentId: string): StatusOutcome {
  const unclear = (reason: string, code: string | null = null): StatusOutcome => ({
    kind: 'unclear',
    reason,
    status,
    code,
  });
  if (message.kind === 'unreadable' || message.kind === 'forged') return unclear(message.kind);
  const { value } = message;
  const report = readReport(value);
  const codes = codesOf(value);
  // Either a refusal with 4xx, or 200 with an empty shell of a payment in state "error".
  const saysNothing = report === null || report.status === 'error';
  if (status < 500 && codes.includes(NOT_FOUND) && saysNothing) return { kind: 'not_found' };
  if (report !== null) {
    if (status !== 200) return unclear(`status_${status}`);
    if (message.kind !== 'signed') return unclear('unsigned');
    return report.paymentId === paymentId ? { kind: 'found', report } : unclear('other_payment');
  }
  const [code = null] = codes;
  const meaning = meaningOf(code);
  const isRefusal = meaning === 'configuration' || meaning === 'our_fault';
  if (status < 500 && code !== null && isRefusal) return { kind: 'refused', status, code, meaning };
  return unclear(`status_${status}`, code);
}

/** The refusal's own code, and those of its `errors`. */
function codesOf(value: Record<string, unknown>): string[] {
  const errors = Array.isArray(value.errors) ? value.errors.filter(isObject) : [];
  return [value.code, ...errors.map((error) => error.code)]
    .map(readCode)
    .filter((code): code is string => code !== null);
}
