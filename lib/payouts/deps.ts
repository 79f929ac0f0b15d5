import type { Clock } from '../base/clock.ts';
import type { Reach } from '../base/fault-points.ts';
import type { Ids } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { Semaphore } from '../base/semaphore.ts';
import type { SingleFlight } from '../base/single-flight.ts';
import type { Store } from '../db/store.ts';
import type { EcommpayApi } from '../ecommpay/api.ts';
import type { PayoutKeys } from './recipient.ts';

/** Milliseconds (contract 12.1). */
export type PayoutTimes = {
  /** When the result is usually there: the moment to start asking. */
  baseMs: number;
  /** When ECommPay declines by itself what is still open. */
  limitMs: number;
  /** A request that was lost, and that ECommPay does not know after this, is sent again. */
  resendAfterMs: number;
};

/** Payouts as this merchant agreed on them with ECommPay. */
export type PayoutRail = { api: EcommpayApi; callbackUrl: string; times: PayoutTimes };

/** What recording needs: no network. */
export type RecordDeps = { store: Store; ids: Ids; log: Log; instance: string };

/** What this room works with. One of each per process. */
export type PayoutDeps = RecordDeps & {
  clock: Clock;
  reach: Reach;
  /** Aborts when the process is told to stop: nothing new begins, what is on the wire is finished. */
  stopping: AbortSignal;
  payouts: {
    /** `null` where ECommPay is off. */
    rail: PayoutRail | null;
    keys: PayoutKeys;
    /** How long after its end a payout's recipient stays on record. */
    recipientMs: number;
    /** How many calls this process has on the wire at once. */
    calls: Semaphore;
    /** Joins whoever follows one payout within this process. */
    follows: SingleFlight<void>;
  };
};
