import type { Settings } from '../base/env.ts';
import type { Wire } from '../base/exchange.ts';
import { Semaphore } from '../base/semaphore.ts';
import { SingleFlight } from '../base/single-flight.ts';
import type { PayoutDeps, PayoutRail } from '../payouts/deps.ts';
import { makePayoutKeys } from '../payouts/recipient.ts';
import { ecommpayRail } from './ecommpay-rail.ts';

/** Calls on the wire at once, sends and questions together. */
const CALLS_AT_ONCE = 8;

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Payouts as the settings say. */
export function payoutSide(settings: Settings, wire: Wire): PayoutDeps['payouts'] {
  return {
    rail: payoutRail(settings, wire),
    keys: makePayoutKeys(settings.SESSION_PASSWORD, settings.SESSION_PASSWORD_PREVIOUS),
    recipientMs: settings.PAYOUT_RECIPIENT_DAYS * DAY_MS,
    calls: new Semaphore(CALLS_AT_ONCE),
    follows: new SingleFlight(),
  };
}

function payoutRail(settings: Settings, wire: Wire): PayoutRail | null {
  const rail = ecommpayRail(settings, wire);
  if (!rail) return null;
  return {
    api: rail.api,
    callbackUrl: `${rail.origin}/api/ecommpay/callback`,
    times: {
      baseMs: settings.ECOMMPAY_PAYOUT_BASE_SECONDS * 1_000,
      limitMs: settings.ECOMMPAY_PAYOUT_LIMIT_SECONDS * 1_000,
      resendAfterMs: settings.ECOMMPAY_RESEND_AFTER_SECONDS * 1_000,
    },
  };
}
