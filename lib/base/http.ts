import { Agent, buildConnector, type Dispatcher, fetch as undiciFetch } from 'undici';
import { AppError, hasCode } from './errors.ts';

/** The part of `fetch` that the protocols use. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

export type FetchInit = {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  redirect: 'manual';
};

/**
 * No connection came about, so not a byte of the request left this machine. Thrown by the connector only: whatever
 * fails after it may have reached the provider.
 */
export class NotConnectedError extends AppError {
  constructor(cause: unknown) {
    super(NOT_CONNECTED, { retryable: true, cause });
  }
}

const NOT_CONNECTED = 'http.not_connected';

const KEEP_ALIVE_MS = 30_000;
const CONNECTIONS_PER_ORIGIN = 64;

/**
 * Nothing is sent twice on its own: undici repeats a request that was answered 421, and where that repeat found no
 * connection, a request that had been sent would look as if it never was.
 */
const sendOnce = (): Dispatcher.DispatcherComposeInterceptor => {
  let sent = false;
  return (dispatch) => (options, handler) => {
    if (sent) throw new Error('a request is sent once');
    sent = true;
    return dispatch(options, handler);
  };
};

/**
 * Pooled keep-alive connections with a limit on connecting (DNS, TCP and TLS together). HTTP/1.1 only: undici repeats
 * what an HTTP/2 server refused or was about to leave.
 *
 * @returns `fetch`, and `close` which ends the pool
 */
export function createFetch(options: { connectTimeoutMs: number }): { fetch: Fetch; close(): Promise<void> } {
  const connect = buildConnector({ timeout: options.connectTimeoutMs, allowH2: false });
  const dispatcher = new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    allowH2: false,
    connect: (target, callback) =>
      connect(target, (error, socket) => {
        if (error) callback(new NotConnectedError(error), null);
        else callback(null, socket as never);
      }),
  });
  return {
    fetch: (url, init) =>
      undiciFetch(url, {
        ...init,
        dispatcher: dispatcher.compose(sendOnce()),
      }) as unknown as Promise<Response>,
    close: () => dispatcher.close(),
  };
}

/** Whether this failure of `fetch` is known to have happened before anything was sent. */
export function isNotConnected(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1)
    if (hasCode(cause, NOT_CONNECTED)) return true;
  return false;
}
