import type { FetchInit } from '#lib/base/http.ts';
import type { EcommpayApi, EcommpaySettings } from '#lib/ecommpay/api.ts';
import { sign } from '#lib/ecommpay/signature.ts';
import { SECRET, SETTINGS } from '#lib/ecommpay/spec-helpers.ts';
import { TestClock } from './test-clock.ts';
import { makeTestLog } from './test-log.ts';

/** A network's edge that writes down what was sent, and answers with `answer`. */
export function bench(answer: () => Response, changes: Partial<EcommpaySettings> = {}) {
  const sent: { url: string; body: Record<string, unknown>; init: FetchInit }[] = [];
  const { log, lines, text } = makeTestLog();
  const api: EcommpayApi = {
    settings: { ...SETTINGS, ...changes },
    fetch: async (url, init) => {
      sent.push({ url, body: JSON.parse(init.body ?? 'null') as Record<string, unknown>, init });
      return answer();
    },
    clock: new TestClock(),
    log,
  };
  return { api, sent, lines, logText: text };
}

/** An answer that carries ECommPay's signature. */
export const signedAnswer = (body: Record<string, unknown>, status = 200, secret = SECRET) =>
  new Response(JSON.stringify({ ...body, signature: sign(body, secret) }), { status });
