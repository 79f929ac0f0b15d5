import { AsyncLocalStorage } from 'node:async_hooks';
import { errorCode } from './errors.ts';
import { oncePerProcess } from './process.ts';

/**
 * One JSON line an event, built from this list of fields and nothing else: what is not named here cannot be logged.
 * (Redaction by path leaks at depth, an allow-list does not.) No field may carry a token, a body, a name, an address
 * line or a query string.
 */
const FIELDS = [
  'account', // opaque id of a customer session
  'actor', // the member of staff who acted
  'alarm', // kind of alarm
  'attempt', // number of a create or an execute
  'call', // name of an upstream call
  'clientDropped', // the caller went away first
  'code', // our error code or the upstream's
  'confirmedBy',
  'count',
  'digest', // Next's reference of a server error
  'durationMs',
  'error', // code or class of an error, never its message
  'event', // id of an outbox event
  'frames', // where an error came from: file names and lines
  'instance', // this process
  'method',
  'migration',
  'order',
  'outcome',
  'payment',
  'port',
  'reason',
  'reference', // Maya's Request-Reference-No
  'retryInMs',
  'route', // the route's pattern, never the address with its parameters
  'setting', // name of a variable, never its value
  'signal',
  'state',
  'status', // HTTP status
  'subject', // what an alarm is about: an id of ours
  'upstreamReference', // Maya's own reference in an error body
] as const;

export type LogFields = Partial<
  Record<(typeof FIELDS)[number], string | number | boolean | null | undefined>
>;

export type Level = 'info' | 'warn' | 'error';

export type Log = Record<Level, (event: string, fields?: LogFields) => void>;

const MAX_TEXT = 400;
/** A JWT, JWS or JWE from its header to its end: without the header the rest would still be the secret part. */
const JOSE = /eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*/g;

function clean(value: unknown): string | number | boolean | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.replace(JOSE, '[token]').slice(0, MAX_TEXT);
  return undefined;
}

type Context = { request: string };

const requests = () => oncePerProcess('log.requests', () => new AsyncLocalStorage<Context>());

/** Runs `work` so that every line it logs, and whatever it starts logs, carries this request id. */
export function withRequestId<T>(request: string, work: () => T): T {
  return requests().run({ request }, work);
}

/**
 * @param write takes one finished line without its line end
 * @param now wall clock, milliseconds
 */
export function createLog(write: (line: string) => void, now: () => number): Log {
  const at =
    (level: Level) =>
    (event: string, fields: LogFields = {}) => {
      const line: Record<string, unknown> = { time: new Date(now()).toISOString(), level, event };
      const request = requests().getStore()?.request;
      if (request) line.request = request;
      for (const name of FIELDS) {
        const value = clean(fields[name]);
        if (value !== undefined) line[name === 'event' ? 'eventId' : name] = value;
      }
      write(JSON.stringify(line));
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** What may be said of an error in a log: its code and where it came from. Messages may carry data, so they stay out. */
export function errorFields(error: unknown): LogFields {
  const frames = error instanceof Error ? framesOf(error) : undefined;
  const cause = error instanceof Error && error.cause !== undefined ? ` (${errorCode(error.cause)})` : '';
  return { error: errorCode(error) + cause, frames };
}

/** The stack without the message in front of it, some lines of which might look like frames. */
function framesOf({ stack = '', message }: Error): string {
  return stack
    .replace(message, '')
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 5)
    .map((line) => line.trim().replace(/^at /, ''))
    .join(' < ');
}

/**
 * Lines to standard output, one write for all of a turn of the event loop: writing to a pipe blocks. A process that is
 * killed loses the lines of its last turn, never a fact; what happened is in the store.
 */
export const processLog = (): Log =>
  oncePerProcess('log', () => {
    let waiting: string[] = [];
    const flush = () => {
      const lines = waiting;
      waiting = [];
      if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
    };
    process.once('exit', flush);
    return createLog((line) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(line);
    }, Date.now);
  });
