import type { Clock } from '../base/clock.ts';
import type { Reach } from '../base/fault-points.ts';
import type { Ids } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { SingleFlight } from '../base/single-flight.ts';
import type { Store } from '../db/store.ts';
import type { MayaApi } from '../maya/api.ts';
import type { ClientTokens } from '../maya/client-token.ts';
import type { SealingKeys } from './sealing.ts';

/** What this room works with. One of each per process. */
export type SessionDeps = {
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  maya: MayaApi;
  clientTokens: ClientTokens;
  sealing: SealingKeys;
  /** Joins refreshes of one session and generation within this process. */
  refreshes: SingleFlight<RefreshResult>;
  /** How long an unredeemed `sessionId` lives. */
  sessionIdTtlMs: number;
  reach: Reach;
};

/**
 * - `refreshed`: newer tokens are saved, by this call or by somebody else's.
 * - `refused`: Maya takes the refresh token no longer; the session is over.
 * - `failed`: may pass.
 */
export type RefreshResult = 'refreshed' | 'refused' | 'failed';
