import { systemClock } from '../base/clock.ts';
import { readSettings, readSome } from '../base/env.ts';
import { createFetch } from '../base/http.ts';
import { systemIds } from '../base/ids.ts';
import { createLog } from '../base/log.ts';
import { openStore, type Store } from '../db/store.ts';
import type { PayoutDeps } from '../payouts/deps.ts';
import { makePayoutKeys } from '../payouts/recipient.ts';
import { payoutSide } from '../runtime/payout-side.ts';
import { reachOf } from '../runtime/reach.ts';
import { CommandError } from './command.ts';

const OFF = 'ECommPay is off: set ECOMMPAY_PROJECT_ID and ECOMMPAY_SECRET.';

const instance = `staff-${process.pid}`;
/** Staff reads the command's own words; the facts are in the store. */
const quiet = createLog(() => {}, Date.now);

/** What commands without a network need. */
export function offline(store: Store) {
  const settings = readSome(process.env, [
    'SESSION_PASSWORD',
    'SESSION_PASSWORD_PREVIOUS',
    'ECOMMPAY_PROJECT_ID',
    'ECOMMPAY_PAYOUT_IP',
    'ECOMMPAY_PAYOUT_MIN_CENTAVOS',
    'ECOMMPAY_PAYOUT_MAX_CENTAVOS',
    'ECOMMPAY_TIMEOUT_MS',
    'ECOMMPAY_PAYOUT_LIMIT_SECONDS',
  ]);
  return {
    store,
    ids: systemIds,
    log: quiet,
    instance,
    keys: makePayoutKeys(settings.SESSION_PASSWORD, settings.SESSION_PASSWORD_PREVIOUS),
    defaultIp: settings.ECOMMPAY_PAYOUT_IP,
    sendLimitMs: settings.ECOMMPAY_TIMEOUT_MS,
    limitMs: settings.ECOMMPAY_PAYOUT_LIMIT_SECONDS * 1_000,
    limits: {
      minCentavos: settings.ECOMMPAY_PAYOUT_MIN_CENTAVOS,
      maxCentavos: settings.ECOMMPAY_PAYOUT_MAX_CENTAVOS,
    },
    /** @throws CommandError where ECommPay is off */
    get projectId(): number {
      if (settings.ECOMMPAY_PROJECT_ID === undefined) throw new CommandError(OFF);
      return settings.ECOMMPAY_PROJECT_ID;
    },
  };
}

/**
 * What commands that talk to ECommPay need: every setting is checked as at the server's start.
 *
 * @param stopping aborts when staff breaks off: what is on the wire is finished
 */
export function online(
  store: Store,
  stopping: AbortSignal,
): { deps: PayoutDeps; close: () => Promise<void> } {
  const settings = readSettings(process.env, process.env.NODE_ENV === 'production');
  const { fetch, close } = createFetch({ connectTimeoutMs: settings.MAYA_CONNECT_TIMEOUT_MS });
  const payouts = payoutSide(settings, { fetch, clock: systemClock, log: quiet });
  if (!payouts.rail) throw new CommandError(OFF);
  const deps: PayoutDeps = {
    store,
    ids: systemIds,
    log: quiet,
    instance,
    clock: systemClock,
    reach: reachOf(settings),
    stopping,
    payouts,
  };
  return { deps, close };
}

export function databaseStore(): Store {
  const { DATABASE_URL } = readSome(process.env, ['DATABASE_URL']);
  return openStore(DATABASE_URL);
}
