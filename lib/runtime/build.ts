import { type Clock, systemClock } from '../base/clock.ts';
import { isSecure, type Settings } from '../base/env.ts';
import type { Reach } from '../base/fault-points.ts';
import { Gatherer } from '../base/gatherer.ts';
import { createFetch, type Fetch } from '../base/http.ts';
import { type Ids, systemIds } from '../base/ids.ts';
import { errorFields, type Log, processLog } from '../base/log.ts';
import type { MacKeys } from '../base/mac.ts';
import { RateLimit } from '../base/rate-limit.ts';
import { Semaphore } from '../base/semaphore.ts';
import { SingleFlight } from '../base/single-flight.ts';
import type { CookieSettings } from '../customer-session/cookie.ts';
import { makeSealingKeys } from '../customer-session/sealing.ts';
import { SessionUrl } from '../customer-session/session-url.ts';
import { makeVisitorKeys } from '../customer-session/visitor.ts';
import { openStore, type Store } from '../db/store.ts';
import type { MayaApi, MayaSettings } from '../maya/api.ts';
import { ClientTokens } from '../maya/client-token.ts';
import { makeOrderKeys } from '../orders/order-key.ts';
import { type OrderEventConsumer, relayOutbox } from '../orders/outbox.ts';
import type { PaymentDeps } from '../payments/deps.ts';
import type { PaymentCallback } from '../payments/ecommpay/take-callback.ts';
import type { PayoutDeps } from '../payouts/deps.ts';
import type { Catalogue } from '../shop/catalogue.ts';
import { fulfil } from '../shop/fulfilment.ts';
import { sampleCatalogue } from '../shop/sample-catalogue.ts';
import type { TakenCallback } from './ecommpay-callback.ts';
import { ecommpayRail } from './ecommpay-rail.ts';
import { payoutSide } from './payout-side.ts';
import { reachOf } from './reach.ts';
import { WriteWatch } from './write-watch.ts';

/** Repeats on the wire at once: an outage's end must not become a flood. */
const ASKS_AT_ONCE = 8;

/** The customer's answer leaves first; on SQLite whatever the relay writes would hold it up. */
const RELAY_PAUSE_MS = 30;

/** Wrong `sessionId`s a second, all callers together, before the landing page answers "too many". */
const WRONG_IDS_PER_SECOND = 300;

/** Callbacks a second, wrongly signed or unreadable, that the log tells of. */
const BAD_CALLBACKS_PER_SECOND = 10;

/** Callbacks of one transaction at most: its locks are held while they are recorded. */
const CALLBACKS_AT_ONCE = 64;

/** Everything of one process, put together once. A merchant changes `catalogue` and `consume`. */
export type Runtime = PaymentDeps &
  PayoutDeps & {
    settings: Settings;
    sessionUrl: SessionUrl;
    wrongIds: RateLimit;
    badCallbacks: RateLimit;
    /** Callbacks that arrived while others were being saved: one transaction saves them. */
    callbacks: Gatherer<PaymentCallback, TakenCallback>;
    cookie: CookieSettings;
    /** Sign the cookie of visitors outside the Maya app, and private links to orders. */
    visitorKeys: MacKeys;
    orderKeys: MacKeys;
    catalogue: Catalogue;
    consume: OrderEventConsumer;
    /** Knows whether the store takes writes. */
    writes: WriteWatch;
    /** Tells the process to stop; see `stopping`. */
    stop: AbortController;
  };

/** What a test or a simulation brings of its own. */
export type RuntimeParts = {
  clock?: Clock;
  ids?: Ids;
  log?: Log;
  fetch?: Fetch;
  store?: Store;
  reach?: Reach;
  instance?: string;
  /** Lets whatever has arrived get as far as it can. */
  turn?: () => Promise<void>;
};

export async function buildRuntime(settings: Settings, parts: RuntimeParts = {}): Promise<Runtime> {
  const clock = parts.clock ?? systemClock;
  const ids = parts.ids ?? systemIds;
  const log = parts.log ?? processLog();
  const writes = new WriteWatch(clock);
  const store =
    parts.store ??
    openStore(settings.DATABASE_URL, {
      onIdleError: (error) => log.warn('store.idle_connection_lost', errorFields(error)),
      onRefusedWrite: () => writes.refused(),
    });
  const maya: MayaApi = {
    settings: mayaSettings(settings),
    fetch: parts.fetch ?? createFetch({ connectTimeoutMs: settings.MAYA_CONNECT_TIMEOUT_MS }).fetch,
    clock,
    ids,
    log,
  };
  const stop = new AbortController();
  const relays = new SingleFlight<unknown>();
  const made: Runtime = {
    settings,
    store,
    writes,
    clock,
    ids,
    log,
    maya,
    ecommpay: ecommpayRail(settings, maya),
    clientTokens: new ClientTokens(maya),
    sealing: makeSealingKeys(settings.SESSION_PASSWORD, settings.SESSION_PASSWORD_PREVIOUS),
    refreshes: new SingleFlight(),
    sessionIdTtlMs: settings.SESSION_ID_TTL_SECONDS * 1_000,
    payouts: payoutSide(settings, maya),
    payments: {
      p2mId: settings.MAYA_P2M_ID,
      py0010: settings.MAYA_PY0010,
      minCentavos: settings.MAYA_AMOUNT_MIN_CENTAVOS,
      maxCentavos: settings.MAYA_AMOUNT_MAX_CENTAVOS,
    },
    instance: parts.instance ?? `${process.pid}-${ids.reference().slice(0, 8)}`,
    asks: new Semaphore(ASKS_AT_ONCE),
    follows: new SingleFlight(),
    taps: new SingleFlight(),
    stop,
    stopping: stop.signal,
    reach: parts.reach ?? reachOf(settings),
    sessionUrl: new SessionUrl({
      secret: settings.MAYA_SESSION_URL_SECRET,
      allowedIps: settings.MAYA_ALLOWED_IPS,
      trustedProxyHops: settings.TRUSTED_PROXY_HOPS,
      ratePerSecond: settings.SESSION_URL_RATE_LIMIT,
      maxUnredeemed: settings.SESSION_URL_MAX_UNREDEEMED,
    }),
    wrongIds: new RateLimit(WRONG_IDS_PER_SECOND),
    badCallbacks: new RateLimit(BAD_CALLBACKS_PER_SECOND),
    callbacks: new Gatherer(CALLBACKS_AT_ONCE, parts.turn ?? eventLoopTurn),
    cookie: {
      secure: isSecure(settings),
      password: settings.SESSION_PASSWORD,
      passwordPrevious: settings.SESSION_PASSWORD_PREVIOUS,
    },
    visitorKeys: makeVisitorKeys(settings.SESSION_PASSWORD, settings.SESSION_PASSWORD_PREVIOUS),
    orderKeys: makeOrderKeys(settings.SESSION_PASSWORD, settings.SESSION_PASSWORD_PREVIOUS),
    catalogue: sampleCatalogue,
    consume: (events) => fulfil(store, events),
    announced: () => {
      relays
        .run('outbox', async () => {
          await clock.sleep(RELAY_PAUSE_MS, stop.signal);
          await relayOutbox(made, made.consume);
        })
        .catch((error: unknown) => log.warn('outbox.relay_failed', errorFields(error)));
    },
  };
  return made;
}

const eventLoopTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

function mayaSettings(settings: Settings): MayaSettings {
  const decryption = settings.MAYA_PROFILE_DECRYPTION_JWK;
  const verification = settings.MAYA_PROFILE_VERIFICATION_JWKS;
  return {
    apiUrl: settings.MAYA_API_URL.href.replace(/\/+$/, ''),
    tokenUrl: settings.MAYA_TOKEN_URL.href,
    clientId: settings.MAYA_CLIENT_ID,
    clientSecret: settings.MAYA_CLIENT_SECRET,
    p2mId: settings.MAYA_P2M_ID,
    xAuthorizationPrefix: settings.MAYA_X_AUTHORIZATION_PREFIX,
    executeBody: settings.MAYA_EXECUTE_BODY,
    tokenRequest: settings.MAYA_TOKEN_REQUEST,
    scope: settings.MAYA_SCOPE,
    timeoutMs: settings.MAYA_TIMEOUT_MS,
    executeTimeoutMs: settings.MAYA_EXECUTE_TIMEOUT_MS,
    profileKeys: decryption && verification ? { decryption, verification } : undefined,
  };
}
