import type { Clock } from './clock.ts';
import { errorCode } from './errors.ts';
import { type Fetch, type FetchInit, isNotConnected } from './http.ts';
import type { Log, LogFields } from './log.ts';

/** Why a call has no readable answer. `not_connected`: nothing was sent. `lost`: it may have been processed. */
export type NoAnswer = { kind: 'not_connected'; reason: string } | { kind: 'lost'; reason: string };

/** Transport, clock and log: what a request needs besides itself. */
export type Wire = { fetch: Fetch; clock: Clock; log: Log };

export type Call = {
  /** Name in logs, e.g. `create`, `execute`, `gate_sale`. */
  name: string;
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  limitMs: number;
  /** What names this request to the provider, where it carries such a thing. */
  reference?: string;
};

/**
 * Sends one request and reads its answer within one time limit, body included. Never throws for what the network or
 * the provider does; logs one line.
 *
 * @param event the line's event: whose call this is
 * @param read turns the bare response into a typed outcome; must not throw for any response
 */
export async function exchange<Outcome extends { kind: string }>(
  wire: Wire,
  event: `${string}.call`,
  call: Call,
  read: (response: Response) => Promise<Outcome>,
): Promise<Outcome | NoAnswer> {
  const started = wire.clock.monotonic();
  const request = new AbortController();
  const limit = new AbortController();
  let timedOut = false;
  void wire.clock.sleep(call.limitMs, limit.signal).then(() => {
    if (limit.signal.aborted) return;
    timedOut = true;
    request.abort();
  });

  let status: number | undefined;
  let outcome: Outcome | NoAnswer;
  let error: unknown;
  try {
    const init: FetchInit = {
      method: call.method,
      headers: call.headers,
      signal: request.signal,
      redirect: 'manual',
    };
    if (call.body !== undefined) init.body = call.body;
    const response = await wire.fetch(call.url, init);
    status = response.status;
    outcome = await read(response);
    if (timedOut && outcome.kind === 'unclear') outcome = { ...outcome, reason: 'timeout' };
  } catch (caught) {
    error = caught;
    if (isNotConnected(caught)) outcome = { kind: 'not_connected', reason: 'not_connected' };
    else outcome = { kind: 'lost', reason: timedOut ? 'timeout' : 'connection' };
  } finally {
    limit.abort();
  }

  const fields: LogFields = {
    call: call.name,
    reference: call.reference,
    status,
    outcome: outcome.kind,
    durationMs: Math.round(wire.clock.monotonic() - started),
  };
  if ('code' in outcome && typeof outcome.code === 'string') fields.code = outcome.code;
  if ('reason' in outcome && typeof outcome.reason === 'string') fields.reason = outcome.reason;
  if ('upstreamReference' in outcome && typeof outcome.upstreamReference === 'string')
    fields.upstreamReference = outcome.upstreamReference;
  if (error !== undefined) fields.error = errorCode(error instanceof Error ? (error.cause ?? error) : error);
  wire.log[outcome.kind === 'lost' || outcome.kind === 'unclear' ? 'warn' : 'info'](event, fields);
  return outcome;
}
