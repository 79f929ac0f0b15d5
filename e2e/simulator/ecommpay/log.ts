import { maskText } from './mask.ts';
import type { Outcome } from './reply.ts';
import type { CallName } from './request.ts';

const KEPT_ENTRIES = 2_000;

export type LogMessage = { headers: Record<string, string>; body: string };

export type LogEntry = {
  number: number;
  at: number;
  direction: 'to-ecommpay' | 'to-app';
  call: CallName | 'callback';
  method: string;
  path: string;
  /** The merchant's ids. */
  customer: string | null;
  payment: string | null;
  /** The HTTP status, or what happened instead of an answer. `open`: nothing yet. */
  status: number | 'hang' | 'reset' | 'timeout' | 'unreachable' | 'open';
  /** From the request to the end of its answer or connection; null while it is open. */
  tookMs: number | null;
  /** Whether the answer surely left whole; null while it is open. */
  delivered: boolean | null;
  /** The scenario that changed this call. */
  scenario: string | null;
  request: LogMessage;
  response: LogMessage | null;
};

type Opening = Omit<LogEntry, 'status' | 'tookMs' | 'delivered' | 'request' | 'response'> & {
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
};

export type LogFilter = {
  customer?: string | undefined;
  payment?: string | undefined;
  after?: number | undefined;
};

export type Log = ReturnType<typeof createLog>;

/** Every request both ways, newest 2,000. Secrets and e-mail addresses are masked on the way in, so that none is kept. */
export function createLog(secrets: readonly string[]) {
  const entries: LogEntry[] = [];

  const message = (headers: Readonly<Record<string, string | undefined>>, body: string): LogMessage => ({
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value = '']) => [
        name,
        name === 'cookie' ? `…(${value.length})` : maskText(value, secrets),
      ]),
    ),
    body: maskText(body, secrets),
  });
  const entryOf = (number: number) => entries.findLast((candidate) => candidate.number === number);

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

    /** What was, or will be, answered. Pages are not kept. */
    answer(number: number, outcome: Outcome | { kind: 'timeout' | 'unreachable' }): void {
      const entry = entryOf(number);
      if (!entry) return;
      entry.status = outcome.kind === 'answer' ? outcome.status : outcome.kind;
      if (outcome.kind !== 'answer') return;
      const isPage = (outcome.headers['content-type'] ?? '').startsWith('text/html');
      entry.response = message(outcome.headers, isPage ? '' : outcome.body);
    },

    end(number: number, at: number, delivered: boolean): void {
      const entry = entryOf(number);
      if (!entry) return;
      entry.tookMs = at - entry.at;
      entry.delivered = delivered;
    },

    list: ({ customer, payment, after = 0 }: LogFilter): LogEntry[] =>
      entries.filter(
        (entry) =>
          entry.number > after &&
          (!customer || entry.customer === customer) &&
          (!payment || entry.payment === payment),
      ),
  };
}
