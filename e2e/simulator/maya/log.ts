import { mask, maskHeaders, maskText } from './mask.ts';
import type { Outcome } from './reply.ts';
import type { CallName } from './request.ts';

const KEPT_ENTRIES = 2_000;

export type LogMessage = { headers: Record<string, string>; body: string };

export type LogEntry = {
  number: number;
  at: number;
  direction: 'to-maya' | 'to-app';
  call: CallName | 'session';
  method: string;
  path: string;
  customer: string | null;
  requestReferenceNumber: string | null;
  /** The HTTP status, or what happened instead of an answer. `open`: nothing yet. */
  status: number | 'hang' | 'reset' | 'truncated' | 'timeout' | 'unreachable' | 'open';
  /** From the request to the end of its answer or connection; null while it is open. */
  tookMs: number | null;
  /** Whether the answer surely left whole; null while it is open. */
  delivered: boolean | null;
  /** The scenario that changed this call. */
  scenario: string | null;
  request: LogMessage;
  response: LogMessage | null;
};

type Opening = Pick<
  LogEntry,
  | 'number'
  | 'at'
  | 'direction'
  | 'call'
  | 'method'
  | 'path'
  | 'customer'
  | 'requestReferenceNumber'
  | 'scenario'
> & { headers: Readonly<Record<string, string | undefined>>; body: string };

export type Log = ReturnType<typeof createLog>;

/** Every request both ways, newest 2,000. Secrets are masked on the way in, so that none is kept. */
export function createLog(secrets: readonly string[]) {
  const entries: LogEntry[] = [];

  const message = (headers: Readonly<Record<string, string | undefined>>, body: string): LogMessage => ({
    headers: maskHeaders(headers, secrets),
    body: maskText(body, secrets),
  });

  return {
    open({ headers, body, path, ...opening }: Opening): void {
      entries.push({
        ...opening,
        path: maskText(path, secrets),
        request: message(headers, body),
        status: 'open',
        tookMs: null,
        delivered: null,
        response: null,
      });
      if (entries.length > KEPT_ENTRIES) entries.shift();
    },

    /** What was, or will be, answered. */
    answer(number: number, outcome: Outcome | { kind: 'timeout' | 'unreachable' }): void {
      const entry = entries.findLast((candidate) => candidate.number === number);
      if (!entry) return;
      switch (outcome.kind) {
        case 'answer':
          entry.status = outcome.status;
          entry.response = message(outcome.headers, outcome.body);
          break;
        case 'truncated':
          entry.status = 'truncated';
          entry.response = message(outcome.headers, outcome.body);
          break;
        case 'profile':
          entry.status = 200;
          entry.response = { headers: {}, body: JSON.stringify({ data: mask('') }) };
          break;
        default:
          entry.status = outcome.kind;
      }
    },

    end(number: number, at: number, delivered: boolean): void {
      const entry = entries.findLast((candidate) => candidate.number === number);
      if (!entry) return;
      entry.tookMs = at - entry.at;
      entry.delivered = delivered;
    },

    list: (customerId: string | undefined, after: number): LogEntry[] =>
      entries.filter(
        (entry) => entry.number > after && (customerId === undefined || entry.customer === customerId),
      ),
  };
}
