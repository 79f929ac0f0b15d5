import { readBody } from '../base/body.ts';
import type { MayaApi } from './api.ts';
import { isFaultCode } from './codes.ts';
import { type CustomerTokens, readCustomerTokens } from './customer-tokens.ts';
import { readErrorBody } from './error-body.ts';
import { exchange } from './exchange.ts';
import { callHeaders } from './headers.ts';

/**
 * What `POST /tokens` came to (contract 7).
 *
 * - `refused`: the refresh token is no longer good; the session is over.
 * - `unauthorized`: 401 or 403, which may be about the client token.
 * - `unclear`, `lost`, `not_connected`: may pass. The old refresh token may be spent.
 */
export type RefreshOutcome =
  | { kind: 'refreshed'; tokens: CustomerTokens }
  | { kind: 'refused'; status: number; code: string | null }
  | { kind: 'unauthorized'; status: number; code: string | null }
  | { kind: 'unclear'; reason: string; status?: number; code?: string | null }
  | { kind: 'lost'; reason: string }
  | { kind: 'not_connected'; reason: string };

export function refreshTokens(
  api: MayaApi,
  clientToken: string,
  refreshToken: string,
  reference: string,
): Promise<RefreshOutcome> {
  return exchange(
    api,
    {
      name: 'tokens',
      method: 'POST',
      url: `${api.settings.apiUrl}/tokens`,
      headers: callHeaders(reference, clientToken),
      body: JSON.stringify({ refreshToken }),
      limitMs: api.settings.timeoutMs,
      reference,
    },
    (response) => readRefreshAnswer(response, api.clock.now()),
  );
}

/** Reads a bare response. Never throws. */
export async function readRefreshAnswer(response: Response, nowMs: number): Promise<RefreshOutcome> {
  const body = await readBody(response);
  const { status } = response;
  if (status >= 200 && status < 300) {
    const tokens = body.kind === 'json' ? readCustomerTokens(body.value, nowMs) : null;
    return tokens ? { kind: 'refreshed', tokens } : { kind: 'unclear', reason: 'unreadable', status };
  }
  const { code } = readErrorBody(body);
  if (status === 401 || status === 403) return { kind: 'unauthorized', status, code };
  const isRefusal = status >= 400 && status < 500 && status !== 408 && status !== 429 && !isFaultCode(code);
  if (isRefusal) return { kind: 'refused', status, code };
  return { kind: 'unclear', reason: `status_${status}`, status, code };
}
