import { createMaya } from './maya.ts';
import type { Random } from './randomness.ts';
import type { Reply } from './reply.ts';
import type { MayaRequest } from './request.ts';
import type { ScenarioName } from './scenarios/catalogue.ts';
import type { Settings } from './settings.ts';
import type { MayaOptions } from './world.ts';

/** A correct merchant's server for the specs, beside a Maya with a clock that they move. */

export const CREDENTIALS = { clientId: 'client', clientSecret: 'a-client-secret', p2mId: 'P2M-1' };

const START = Date.UTC(2027, 0, 15);
const BASIC = `Basic ${Buffer.from(`${CREDENTIALS.clientId}:${CREDENTIALS.clientSecret}`).toString('base64')}`;

export type Tokens = { accessToken: string; refreshToken: string; expiresAt: number };
export type Headers = Record<string, string | undefined>;

export type Answered = { reply: Reply; status: number | string; body: Record<string, unknown>; text: string };

/** mulberry32: small, seeded, good enough for ids. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Rig = ReturnType<typeof createRig>;

export function createRig(settings: Partial<Settings> = {}, more: Partial<MayaOptions> = {}) {
  let time = START;
  let references = 0;
  const maya = createMaya({
    now: () => time,
    random: seeded(7),
    credentials: CREDENTIALS,
    settings,
    profile: true,
    ...more,
  });

  const reference = () => {
    references += 1;
    return `00000000-0000-4000-8000-${String(references).padStart(12, '0')}`;
  };

  /** Sends without saying how the call ended. */
  const send = (request: MayaRequest): Reply => maya.handle(request);

  /** Sends, and hears the answer if there is one. */
  const ask = (request: MayaRequest): Answered => {
    const reply = send(request);
    const heard = reply.kind === 'answer' || reply.kind === 'profile';
    maya.ended(reply.number, heard ? 'delivered' : 'lost');
    return read(reply);
  };

  const tokenRequest = (headers: Headers = {}, body = 'grant_type=client_credentials'): MayaRequest => ({
    method: 'POST',
    path: '/oauth/token',
    headers: { authorization: BASIC, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });

  const clientToken = (): string => String(ask(tokenRequest()).body.access_token);

  let bearer = '';
  const common = (): Headers => {
    bearer ||= clientToken();
    return {
      'content-type': 'application/json',
      accept: 'application/json',
      'accept-encoding': 'gzip, deflate',
      'request-reference-no': reference(),
      authorization: `Bearer ${bearer}`,
    };
  };

  const createRequest = (
    tokens: Tokens,
    value: unknown = 100,
    headers: Headers = {},
    body: unknown = { p2mId: CREDENTIALS.p2mId, amount: { currency: 'PHP', value } },
  ): MayaRequest => ({
    method: 'POST',
    path: '/merchant/payments',
    headers: { ...common(), 'x-authorization': tokens.accessToken, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

  const executeRequest = (tokens: Tokens, id: string, headers: Headers = {}, body = '{}'): MayaRequest => ({
    method: 'POST',
    path: `/merchant/payments/${id}/execute`,
    headers: { ...common(), 'x-authorization': tokens.accessToken, ...headers },
    body,
  });

  const profileRequest = (tokens: Tokens, headers: Headers = {}, body = ''): MayaRequest => ({
    method: 'GET',
    path: '/profile',
    headers: { ...common(), 'x-authorization': tokens.accessToken, ...headers },
    body,
  });

  const refreshRequest = (
    tokens: Tokens,
    headers: Headers = {},
    body: unknown = { refreshToken: tokens.refreshToken },
  ): MayaRequest => ({
    method: 'POST',
    path: '/tokens',
    headers: { ...common(), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

  return {
    maya,
    send,
    ask,
    tokenRequest,
    createRequest,
    executeRequest,
    profileRequest,
    refreshRequest,
    now: () => time,
    pass(ms: number): void {
      time += ms;
    },
    /** The next call gets itself another client token. */
    dropClientToken(): void {
      bearer = '';
    },
    clientToken: () => bearer,

    /** The customer taps the tile, and the Session URL answers. */
    open(customer = 'maria'): Tokens {
      const { call } = maya.launch(customer);
      if (!call) throw new Error('Maya does not open the app');
      const sessionId = `session-${call.number}`;
      maya.launched(call.number, {
        kind: 'answer',
        status: 200,
        headers: {},
        body: JSON.stringify({ sessionId }),
      });
      return JSON.parse(call.body) as Tokens;
    },
    create: (tokens: Tokens, value: unknown = 100) => ask(createRequest(tokens, value)),
    execute: (tokens: Tokens, id: string) => ask(executeRequest(tokens, id)),
    profile: (tokens: Tokens) => ask(profileRequest(tokens)),
    refresh: (tokens: Tokens) => ask(refreshRequest(tokens)),
    /** Creates and gives the id. */
    payment: (tokens: Tokens, value = 100) => String(ask(createRequest(tokens, value)).body.id),

    /** Sets Maria's scenario. */
    scenario: (name: ScenarioName, calls?: number | 'always') =>
      maya.setScenario({ customer: 'maria', name, ...(calls ? { calls } : {}) }),

    balance: (customer = 'maria') => maya.ledger(customer).balances[customer],
    debits: (customer = 'maria') => maya.ledger(customer).debits,
    kinds: () => maya.violations().map(({ kind }) => kind),
  };
}

/** In two words, the status and the code or error of a refusal. */
export const refusalOf = ({ status, body }: Answered): [Answered['status'], unknown] => [
  status,
  body.code ?? body.error,
];

function read(reply: Reply): Answered {
  const text = reply.kind === 'answer' ? reply.body : '';
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(text);
  } catch {
    // an answer that is no JSON has no fields
  }
  return { reply, status: reply.kind === 'answer' ? reply.status : reply.kind, body, text };
}
