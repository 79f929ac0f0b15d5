import type { Semaphore } from '../base/semaphore.ts';
import type { SingleFlight } from '../base/single-flight.ts';
import type { SessionDeps } from '../customer-session/deps.ts';
import type { EcommpayRail } from './ecommpay/rail.ts';

export type PaymentSettings = {
  p2mId: string;
  py0010: 'approved' | 'review';
  minCentavos: number;
  maxCentavos: number;
};

/** What this room works with. One of each per process. */
export type PaymentDeps = SessionDeps & {
  payments: PaymentSettings;
  /** The second rail; `null` where it is off. */
  ecommpay: EcommpayRail | null;
  /** This process, in events and logs. */
  instance: string;
  /** How many repeats this process has on the wire at once. */
  asks: Semaphore;
  /** Joins followers of one payment within this process. */
  follows: SingleFlight<void>;
  /** Joins taps on one order within this process. */
  taps: SingleFlight<unknown>;
  /** Aborts when the process is told to stop: nothing new begins, what is on the wire is finished. */
  stopping: AbortSignal;
  /** Called when a payment may have told of its order: whoever delivers may look at once. Returns at once. */
  announced: () => void;
};
