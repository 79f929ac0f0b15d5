import { z } from 'zod';
import { readBody } from '../base/body.ts';
import { AppError } from '../base/errors.ts';
import type { MayaApi } from './api.ts';
import { readErrorBody } from './error-body.ts';
import { exchange } from './exchange.ts';

/** Documented lifetime, and the longest this client believes in (contract 6). */
const MAX_LIFETIME_SECONDS = 3_600;

/** A token is not used in its last minute. */
const EXPIRY_BUFFER_MS = 60_000;

/**
 * What the token endpoint answered (contract 6). `refused` is a fault of configuration: ID, secret or grant.
 */
export type ClientTokenOutcome =
  | { kind: 'token'; accessToken: string; lifetimeSeconds: number }
  | { kind: 'refused'; status: number; code: string | null }
  | { kind: 'unclear'; reason: string; status?: number; code?: string | null }
  | { kind: 'lost'; reason: string }
  | { kind: 'not_connected'; reason: string };

const answerSchema = z.looseObject({
  access_token: z
    .string()
    .min(1)
    .max(16_384)
    .regex(/^[A-Za-z0-9_.~+/=-]+$/),
});

/** `POST` to Maya Connect's token address: client credentials, Basic authentication, form or JSON. */
export function requestClientToken(api: MayaApi): Promise<ClientTokenOutcome> {
  const { settings } = api;
  const fields: Record<string, string> = { grant_type: 'client_credentials' };
  if (settings.scope !== undefined) fields.scope = settings.scope;
  const form = settings.tokenRequest === 'form';
  return exchange(
    api,
    {
      name: 'client_token',
      method: 'POST',
      url: settings.tokenUrl,
      headers: {
        Authorization: `Basic ${Buffer.from(`${settings.clientId}:${settings.clientSecret}`).toString('base64')}`,
        'Content-Type': form ? 'application/x-www-form-urlencoded' : 'application/json',
        Accept: 'application/json',
        'Accept-Encoding': 'gzip, deflate',
      },
      body: form ? new URLSearchParams(fields).toString() : JSON.stringify(fields),
      limitMs: settings.timeoutMs,
    },
    readClientTokenAnswer,
  );
}

/** Reads a bare response. Never throws. */
export async function readClientTokenAnswer(response: Response): Promise<ClientTokenOutcome> {
  const body = await readBody(response);
  const { status } = response;
  if (status >= 200 && status < 300) {
    const parsed = body.kind === 'json' ? answerSchema.safeParse(body.value) : undefined;
    if (!parsed?.success) return { kind: 'unclear', reason: 'unreadable', status };
    const seconds = Number(parsed.data.expires_in);
    const known = Number.isFinite(seconds) && seconds > 0;
    return {
      kind: 'token',
      accessToken: parsed.data.access_token,
      lifetimeSeconds: known ? Math.min(seconds, MAX_LIFETIME_SECONDS) : MAX_LIFETIME_SECONDS,
    };
  }
  const { code } = readErrorBody(body);
  if (status === 400 || status === 401 || status === 403) return { kind: 'refused', status, code };
  return { kind: 'unclear', reason: `status_${status}`, status, code };
}

export const CLIENT_REFUSED = 'maya.client_refused';
export const CLIENT_TOKEN_UNAVAILABLE = 'maya.client_token_unavailable';

/** Maya Connect does not take our ID and secret. No payment can start until somebody mends the settings. */
export class ClientRefusedError extends AppError {
  constructor(status: number, code: string | null) {
    super(CLIENT_REFUSED, { message: `client credentials refused (${status} ${code ?? 'no code'})` });
  }
}

/** Maya Connect gave no usable answer. Trying again later can help. */
export class ClientTokenUnavailableError extends AppError {
  constructor(reason: string) {
    super(CLIENT_TOKEN_UNAVAILABLE, { message: reason, retryable: true });
  }
}

/**
 * The client token of this process: cached until 60 s before its end, at most one request for it in flight, renewed
 * when a call finds it refused.
 */
export class ClientTokens {
  readonly #api: MayaApi;
  #cached: { accessToken: string; staleAtMs: number } | undefined;
  #inFlight: Promise<string> | undefined;

  constructor(api: MayaApi) {
    this.#api = api;
  }

  /** @throws ClientRefusedError, ClientTokenUnavailableError */
  async get(): Promise<string> {
    if (this.#cached && this.#api.clock.monotonic() < this.#cached.staleAtMs) return this.#cached.accessToken;
    this.#inFlight ??= this.#request().finally(() => {
      this.#inFlight = undefined;
    });
    return this.#inFlight;
  }

  /**
   * A token after `refused`: the one that somebody renewed meanwhile, else a new one.
   *
   * @throws ClientRefusedError, ClientTokenUnavailableError
   */
  async renew(refused: string): Promise<string> {
    if (this.#cached?.accessToken === refused) this.#cached = undefined;
    return this.get();
  }

  async #request(): Promise<string> {
    const sentAt = this.#api.clock.monotonic();
    const outcome = await requestClientToken(this.#api);
    if (outcome.kind === 'refused') throw new ClientRefusedError(outcome.status, outcome.code);
    if (outcome.kind !== 'token') throw new ClientTokenUnavailableError(outcome.reason);
    this.#cached = {
      accessToken: outcome.accessToken,
      staleAtMs: sentAt + outcome.lifetimeSeconds * 1_000 - EXPIRY_BUFFER_MS,
    };
    return outcome.accessToken;
  }
}
