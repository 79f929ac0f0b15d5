import type { Random } from '../maya/randomness.ts';
import { createOutbox, type Delivery } from './callbacks/outbox.ts';
import { createLedger } from './ledger.ts';
import { createLog } from './log.ts';
import { createPayments } from './payments/payments.ts';
import { createScenarioBook } from './scenarios/book.ts';
import { changedSettings, defaultSettings, type Settings } from './settings.ts';
import { createTimeline } from './timeline.ts';
import { createViolations } from './violations.ts';
import { createWallets, type Wallets } from './wallets.ts';

/** What ECommPay and the merchant agreed on at onboarding. */
export type Credentials = { projectId: number; secret: string; dataToken: string; dataSecret: string };

export type EcommpayOptions = {
  /** Wall clock in milliseconds since 1970. */
  now: () => number;
  random: Random;
  credentials: Credentials;
  /** The project's; a payment may name another. */
  callbackUrl?: string;
  /** Where the Payment Page is served. */
  origin?: () => string;
  merchantName?: string;
  /** Settings at the start and after a reset. */
  settings?: Partial<Settings>;
  wallets?: Wallets;
  /** Numbers calls; shared with whatever keeps another log beside this one. */
  nextNumber?: () => number;
};

/** Everything that a reset takes back to the start. */
export type World = ReturnType<typeof createWorld>;

const FIRST_OPERATION_ID = 5_000_000_000;

export function createWorld(options: EcommpayOptions) {
  const { credentials, random } = options;
  const timeline = createTimeline();
  /** The moment of the event that is happening. */
  let moment: number | undefined;
  return {
    random,
    credentials,
    timeline,
    now: () => moment ?? options.now(),
    /** Lets everything happen that is due, each at its own time. */
    catchUp(): void {
      for (let event = timeline.take(options.now()); event; event = timeline.take(options.now())) {
        moment = event.at;
        try {
          event.run();
        } finally {
          moment = undefined;
        }
      }
    },
    origin: options.origin ?? (() => 'http://localhost:4000'),
    callbackUrl: options.callbackUrl ?? 'http://localhost:3000/api/ecommpay/callback',
    merchantName: options.merchantName ?? 'The shop',
    settings: changedSettings(defaultSettings(), options.settings ?? {}),
    wallets: options.wallets ?? createWallets(),
    payments: createPayments(),
    ledger: createLedger(),
    book: createScenarioBook(),
    outbox: createOutbox(),
    violations: createViolations(),
    log: createLog([credentials.secret, credentials.dataSecret, credentials.dataToken]),
    lastOperationId: FIRST_OPERATION_ID,
    /** Callbacks that are under way, by their number. */
    sending: new Map<number, Delivery>(),
    /** Calls that are not over, with what to do once they were delivered. */
    open: new Map<number, () => void>(),
  };
}
