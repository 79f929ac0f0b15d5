import { type Body, readBody } from '../base/body.ts';
import type { CallTokens, MayaApi } from './api.ts';
import { ALREADY_PROCESSED, isDeclineCode, isRefusalCode, NOT_FOUND } from './codes.ts';
import { checkEcho, type EchoField, type Expected, readPaymentId } from './echo.ts';
import { isTokenCode, readErrorBody, retryAfterMs } from './error-body.ts';
import { exchange } from './exchange.ts';
import { customerHeaders } from './headers.ts';

/**
 * What one execute was answered (contract 11.1). These are facts of the wire; what they mean for the payment depends
 * on its other executes and is decided by the payment's reducer.
 *
 * - `approved`, `declined`: 2xx with that status, our id, and no wrong echo. `missing` names echoes that were absent.
 * - `mismatch`: a 2xx that speaks of another id, amount, currency or merchant. Money may have moved.
 * - `decline_code`, `refused`, `not_found`, `already_processed`: named by a code.
 * - `unauthorized`: one of the two tokens was not taken; not processed.
 * - `rate_limited`: 429.
 * - `not_connected`: known not to have been sent.
 * - `unclear`, `lost`: anything else. It may have been processed.
 */
export type ExecuteOutcome =
  | { kind: 'approved'; missing: EchoField[] }
  | { kind: 'declined'; missing: EchoField[] }
  | { kind: 'mismatch'; status: 'APPROVED' | 'DECLINED' | null; fields: (EchoField | 'id')[] }
  | { kind: 'decline_code'; code: string }
  | { kind: 'refused'; code: string }
  | { kind: 'not_found' }
  | { kind: 'already_processed' }
  | { kind: 'unauthorized'; status: number; code: string | null }
  | { kind: 'rate_limited'; retryAfterMs: number }
  | { kind: 'not_connected'; reason: string }
  | { kind: 'unclear'; reason: string; status?: number; code?: string | null }
  | { kind: 'lost'; reason: string };

/**
 * `POST /merchant/payments/{id}/execute` (contract 11): moves the money, once per id however often it is called.
 *
 * @param reference a fresh UUIDv4 for this attempt, recorded before the call
 * @param expected as sent at create; `requestReferenceNumber` is the create's
 */
export function executePayment(
  api: MayaApi,
  tokens: CallTokens,
  id: string,
  reference: string,
  expected: Expected,
): Promise<ExecuteOutcome> {
  const { settings } = api;
  return exchange(
    api,
    {
      name: 'execute',
      method: 'POST',
      url: `${settings.apiUrl}/merchant/payments/${encodeURIComponent(id)}/execute`,
      headers: customerHeaders(settings, reference, tokens),
      ...(settings.executeBody === 'none' ? {} : { body: settings.executeBody }),
      limitMs: settings.executeTimeoutMs,
      reference,
    },
    (response) => readExecuteAnswer(response, id, expected, api.clock.now()),
  );
}

/** Reads a bare response. Never throws. */
export async function readExecuteAnswer(
  response: Response,
  id: string,
  expected: Expected,
  nowMs: number,
): Promise<ExecuteOutcome> {
  const body = await readBody(response);
  const { status } = response;
  const { code } = readErrorBody(body);
  const succeeded = status >= 200 && status < 300;
  const result = succeeded ? readResult(body, id, expected) : null;
  if (result) return result;

  // The one code that is documented for mini apps, without saying under which status it comes.
  if (code === ALREADY_PROCESSED) return { kind: 'already_processed' };
  if (status >= 400 && status < 500) {
    if (isDeclineCode(code)) return { kind: 'decline_code', code };
    if (isRefusalCode(code)) return { kind: 'refused', code };
    if (code === NOT_FOUND) return { kind: 'not_found' };
    if (status === 429) return { kind: 'rate_limited', retryAfterMs: retryAfterMs(response, nowMs) };
    const isPaymentCode = code !== null && /^PY\d{4}$/.test(code);
    if (isTokenCode(code) || ((status === 401 || status === 403) && !isPaymentCode))
      return { kind: 'unauthorized', status, code };
  }
  return { kind: 'unclear', reason: succeeded ? unreadable(body) : `status_${status}`, status, code };
}

/** Reads a 2xx. `null`: it says neither APPROVED nor DECLINED of our payment. */
function readResult(body: Body, id: string, expected: Expected): ExecuteOutcome | null {
  if (
    body.kind !== 'json' ||
    typeof body.value !== 'object' ||
    body.value === null ||
    Array.isArray(body.value)
  )
    return null;
  const answer = body.value as Record<string, unknown>;
  const text = typeof answer.status === 'string' ? answer.status.trim().toUpperCase() : '';
  const status = text === 'APPROVED' || text === 'DECLINED' ? text : null;
  const hasId = answer.id !== undefined && answer.id !== null;
  if (hasId && readPaymentId(answer.id)?.toLowerCase() !== id.toLowerCase())
    return { kind: 'mismatch', status, fields: ['id'] };

  const { wrong, missing } = checkEcho(answer, expected);
  // A wrong reference alone says nothing about id or money, so it is treated as absent and logged with them.
  const money = wrong.filter((field) => field !== 'requestReferenceNumber');
  if (money.length > 0) return { kind: 'mismatch', status, fields: money };
  if (status === null || !hasId) return null;
  const odd = [...missing, ...wrong];
  return { kind: status === 'APPROVED' ? 'approved' : 'declined', missing: odd };
}

function unreadable(body: Body): string {
  return body.kind === 'json' ? 'no_status' : body.kind;
}
