import { randomUUID } from 'node:crypto';
import { type Fetch, type FetchInit, NotConnectedError } from '#lib/base/http.ts';

export type Call = {
  name: 'client_token' | 'tokens' | 'profile' | 'create' | 'execute';
  /** Payment id of an execute. */
  id: string | undefined;
  reference: string | undefined;
  headers: Record<string, string>;
  body: Record<string, unknown>;
  signal: AbortSignal;
};

export type Answer = (call: Call, fake: FakeMaya) => Response | Promise<Response>;

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => {
  const text = JSON.stringify(body);
  return () => new Response(text, { status, headers: { 'content-type': 'application/json', ...headers } });
};

export const code = (status: number, value: string): Answer => json(status, { code: value, message: 'x' });

/** The connection was made and broke before an answer came. */
export const reset: Answer = () => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
};

export const notConnected: Answer = () => {
  throw new TypeError('fetch failed', { cause: new NotConnectedError(new Error('refused')) });
};

/** No answer until the caller gives up. */
export const hang: Answer = ({ signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

/** An answer that a test lets go when it wants to. */
export function held(answer: Answer): { answer: Answer; arrived: Promise<Call>; release(): void } {
  let release = () => {};
  let arrive: (call: Call) => void = () => {};
  const open = new Promise<void>((resolve) => {
    release = resolve;
  });
  const arrived = new Promise<Call>((resolve) => {
    arrive = resolve;
  });
  return {
    arrived,
    release: () => release(),
    answer: async (call, fake) => {
      arrive(call);
      await open;
      return answer(call, fake);
    },
  };
}

type Created = { id: string; p2mId: unknown; requestReferenceNumber: string | undefined; amount: unknown };

/**
 * Maya at the network's edge of a test: answers each call with the next scripted answer, else as Maya does when all is
 * well. It keeps no balance; what a test wants to know of money it scripts.
 */
export class FakeMaya {
  readonly calls: Call[] = [];
  readonly created = new Map<string, Created>();
  readonly script: Record<Call['name'], Answer[]> = {
    client_token: [],
    tokens: [],
    profile: [],
    create: [],
    execute: [],
  };

  named(name: Call['name']): Call[] {
    return this.calls.filter((call) => call.name === name);
  }

  readonly fetch: Fetch = async (url, init) => {
    const call = readCall(url, init);
    this.calls.push(call);
    const next = this.script[call.name].shift();
    return next ? next(call, this) : this.well(call);
  };

  /** What Maya answers when all is well. */
  well(call: Call): Response {
    const answer = (body: unknown) => Response.json(body);
    switch (call.name) {
      case 'client_token':
        return answer({ access_token: `client.${randomUUID()}`, token_type: 'Bearer', expires_in: 3600 });
      case 'tokens':
        return answer({
          accessToken: `access.renewed.${randomUUID()}`,
          refreshToken: `refresh.renewed.${randomUUID()}`,
          expiresAt: 4_000_000_000,
        });
      case 'profile':
        return Response.json({}, { status: 404 });
      case 'create': {
        const id = randomUUID();
        const made = {
          id,
          p2mId: call.body.p2mId,
          requestReferenceNumber: call.reference,
          amount: call.body.amount,
        };
        this.created.set(id, made);
        return answer(made);
      }
      case 'execute':
        return this.result(call, 'APPROVED');
    }
  }

  /** A 2xx with this status, all echoes right, but for `changes`. */
  result(call: Call, status: string, changes: Record<string, unknown> = {}): Response {
    return Response.json({ ...this.created.get(call.id ?? ''), status, ...changes });
  }
}

export const approved: Answer = (call, fake) => fake.result(call, 'APPROVED');
export const declined: Answer = (call, fake) => fake.result(call, 'DECLINED');

function readCall(url: string, init: FetchInit): Call {
  const path = new URL(url).pathname;
  const id = /^\/merchant\/payments\/([^/]+)\/execute$/.exec(path)?.[1];
  const name = id
    ? 'execute'
    : path === '/merchant/payments'
      ? 'create'
      : path === '/tokens'
        ? 'tokens'
        : path === '/profile'
          ? 'profile'
          : 'client_token';
  const isJson = init.headers['Content-Type'] === 'application/json' && init.body !== undefined;
  return {
    name,
    id,
    reference: init.headers['Request-Reference-No'],
    headers: init.headers,
    body: isJson ? (JSON.parse(init.body ?? '{}') as Record<string, unknown>) : {},
    signal: init.signal,
  };
}
