import type { Clock } from '../base/clock.ts';
import type { Fetch } from '../base/http.ts';
import type { Ids } from '../base/ids.ts';
import type { Log } from '../base/log.ts';

/** What the protocol needs to know of this merchant and of Maya's side. Addresses come from onboarding (contract 2). */
export type MayaSettings = {
  /** Base of `/profile`, `/tokens` and `/merchant/payments`, without a slash at its end. */
  apiUrl: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  p2mId: string;
  /** Stands before the customer token in `X-Authorization`; empty by default (contract 3). */
  xAuthorizationPrefix: string;
  executeBody: '{}' | 'none';
  tokenRequest: 'form' | 'json';
  scope: string | undefined;
  /** Time limit of every call but execute. */
  timeoutMs: number;
  executeTimeoutMs: number;
  profileKeys: ProfileKeys | undefined;
};

/** Keys of the nested JWT of `GET /profile` (contract 9): ours to decrypt, Maya's to verify. Each names its `alg`. */
export type ProfileKeys = {
  decryption: { keys: ProfileJwk[] };
  verification: { keys: ProfileJwk[] };
};

export type ProfileJwk = { kty: string; alg: string; kid?: string | undefined } & Record<string, unknown>;

/** One side of the wire. Transport, clock and ids are arguments, so that a test or a simulation brings its own. */
export type MayaApi = {
  settings: MayaSettings;
  fetch: Fetch;
  clock: Clock;
  ids: Ids;
  log: Log;
};

/** The two tokens every customer call carries (contract 3). */
export type CallTokens = {
  /** `access_token`: stands for this server. */
  client: string;
  /** `accessToken`: stands for the customer. */
  customer: string;
};
