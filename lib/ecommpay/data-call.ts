import { readText } from '../base/body.ts';
import { exchange, type NoAnswer } from '../base/exchange.ts';
import type { EcommpayApi } from './api.ts';
import { type CodeMeaning, meaningOf, readCode } from './codes.ts';
import { JSON_HEADERS } from './gate-call.ts';
import { type Message, readMessage } from './message.ts';
import { sign } from './signature.ts';

/** Why the Data API did not tell what was asked. */
export type NoData =
  | NoAnswer
  /** No token is set. */
  | { kind: 'off' }
  | { kind: 'refused'; status: number; code: string | null; meaning: CodeMeaning }
  | { kind: 'unclear'; reason: string; status: number };

/**
 * One question to the Data API (contract 10): signed like everything, with the token's own secret and the signature at
 * the top level.
 *
 * @param read gets the answer's object; `null` where it is not of the expected shape
 */
export function callDataApi<Outcome extends { kind: string }>(
  api: EcommpayApi,
  name: string,
  path: string,
  parameters: Record<string, unknown>,
  read: (value: Record<string, unknown>) => Outcome | null,
): Promise<Outcome | NoData> {
  const { data, timeoutMs } = api.settings;
  if (!data) return Promise.resolve({ kind: 'off' });
  const unsigned = { ...parameters, token: data.token };
  return exchange<Outcome | NoData>(
    api,
    'ecommpay.call',
    {
      name,
      method: 'POST',
      url: `${data.url}${path}`,
      headers: JSON_HEADERS,
      body: JSON.stringify({ ...unsigned, signature: sign(unsigned, data.secret) }),
      limitMs: timeoutMs,
    },
    async (response) => {
      const body = await readText(response);
      const message: Message =
        body.kind === 'text' ? readMessage(body.text, [data.secret]) : { kind: 'unreadable' };
      const { status } = response;
      if (message.kind === 'unreadable' || message.kind === 'forged')
        return { kind: 'unclear', reason: message.kind, status };
      const code = readCode(message.value.code);
      if (status >= 400 && status < 500) return { kind: 'refused', status, code, meaning: meaningOf(code) };
      const outcome = status === 200 ? read(message.value) : null;
      return outcome ?? { kind: 'unclear', reason: `status_${status}`, status };
    },
  );
}
