import { readBody } from '../base/body.ts';
import { CURRENCY, centavosToDecimal } from '../base/money.ts';
import type { CallTokens, MayaApi } from './api.ts';
import { isFaultCode } from './codes.ts';
import { checkEcho, type EchoField, type Expected, readPaymentId } from './echo.ts';
import { isTokenCode, readErrorBody, retryAfterMs } from './error-body.ts';
import { exchange } from './exchange.ts';
import { customerHeaders } from './headers.ts';

/**
 * What one create came to. No money moves at create and a repeat is safe, each makes a new id (contract 10).
 *
 * - `created`: id and every echo are right.
 * - `wrong_echo`: Maya speaks of another payment than ours; never executed.
 * - `unclear`: no usable answer (5xx, cut, not JSON, an echo missing); create again.
 * - `refused`: create will not work (a 4xx); no repeat.
 */
export type CreateOutcome =
  | { kind: 'created'; id: string }
  | { kind: 'wrong_echo'; id: string | null; fields: EchoField[] }
  | { kind: 'refused'; status: number; code: string | null; upstreamReference?: string }
  | { kind: 'unauthorized'; status: number; code: string | null }
  | { kind: 'rate_limited'; retryAfterMs: number }
  | { kind: 'unclear'; reason: string; id?: string; status?: number; code?: string | null }
  | { kind: 'lost'; reason: string }
  | { kind: 'not_connected'; reason: string };

/** `POST /merchant/payments` (contract 10). The caller has recorded `expected.requestReferenceNumber` before. */
export function createPayment(api: MayaApi, tokens: CallTokens, expected: Expected): Promise<CreateOutcome> {
  const { settings } = api;
  return exchange(
    api,
    {
      name: 'create',
      method: 'POST',
      url: `${settings.apiUrl}/merchant/payments`,
      headers: customerHeaders(settings, expected.requestReferenceNumber, tokens),
      body: JSON.stringify({
        p2mId: expected.p2mId,
        amount: { currency: CURRENCY, value: centavosToDecimal(expected.amountCentavos) },
      }),
      limitMs: settings.timeoutMs,
      reference: expected.requestReferenceNumber,
    },
    (response) => readCreateAnswer(response, expected, api.clock.now()),
  );
}

/** Reads a bare response. Never throws. */
export async function readCreateAnswer(
  response: Response,
  expected: Expected,
  nowMs: number,
): Promise<CreateOutcome> {
  const body = await readBody(response);
  const { status } = response;
  if (status >= 200 && status < 300) return readCreated(body.kind === 'json' ? body.value : null, expected);

  const { code, upstreamReference } = readErrorBody(body);
  if (status === 429) return { kind: 'rate_limited', retryAfterMs: retryAfterMs(response, nowMs) };
  const isRefusal = status >= 400 && status < 500 && status !== 408 && !isFaultCode(code);
  if (!isRefusal) return { kind: 'unclear', reason: `status_${status}`, status, code };
  const speaksOfTokens = isTokenCode(code) || ((status === 401 || status === 403) && !isPaymentCode(code));
  if (speaksOfTokens) return { kind: 'unauthorized', status, code };
  return { kind: 'refused', status, code, ...(upstreamReference ? { upstreamReference } : {}) };
}

/** `PY0019` and the like come with 401 too (contract 3.1): the code decides. */
const isPaymentCode = (code: string | null) => code !== null && /^(PY\d{4}|2553)$/.test(code);

function readCreated(value: unknown, expected: Expected): CreateOutcome {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { kind: 'unclear', reason: 'unreadable' };
  const answer = value as Record<string, unknown>;
  const id = readPaymentId(answer.id);
  const { wrong, missing } = checkEcho(answer, expected);
  if (wrong.length > 0) return { kind: 'wrong_echo', id, fields: wrong };
  if (id === null) return { kind: 'unclear', reason: 'no_id' };
  if (missing.length > 0) return { kind: 'unclear', reason: `no_${missing.join('_')}`, id };
  return { kind: 'created', id };
}
