import { createClientTokens } from './client-tokens.ts';
import { createCustomerTokens } from './customer-tokens.ts';
import { createCustomers } from './customers.ts';
import { createLedger } from './ledger.ts';
import { createLog } from './log.ts';
import { createOpenRequests } from './open-requests.ts';
import { createPayments } from './payments.ts';
import type { Random } from './randomness.ts';
import { createScenarioBook } from './scenarios/book.ts';
import { changedSettings, defaultSettings, type Settings } from './settings.ts';
import { createViolations } from './violations.ts';

/** What Maya and the merchant agreed on at onboarding. */
export type Credentials = { clientId: string; clientSecret: string; p2mId: string };

/** Where the merchant's app is reached. */
export type AppAddresses = { sessionUrl: string; landingUrl: string };

export type MayaOptions = {
  /** Wall clock in milliseconds since 1970. */
  now: () => number;
  random: Random;
  credentials: Credentials;
  app?: AppAddresses;
  /** Settings at the start and after a reset. */
  settings?: Partial<Settings>;
  /** Whether `GET /profile` is open to this merchant; 403 if not. */
  profile?: boolean;
  /** Further texts to be masked in the log, such as a secret part of the Session URL. */
  secrets?: readonly string[];
  /** Numbers calls; shared with whatever keeps another log beside this one. */
  nextNumber?: () => number;
};

/** Everything that a reset takes back to the start. */
export type World = ReturnType<typeof createWorld>;

export function createWorld({ now, random, credentials, app, settings, profile, secrets }: MayaOptions) {
  return {
    now,
    random,
    credentials,
    app: app ?? {
      sessionUrl: 'http://localhost:3000/api/maya/session',
      landingUrl: 'http://localhost:3000/launch',
    },
    profileIsOpen: profile ?? false,
    settings: changedSettings(defaultSettings(), settings ?? {}),
    customers: createCustomers(),
    clientTokens: createClientTokens(random),
    customerTokens: createCustomerTokens(random),
    payments: createPayments(),
    ledger: createLedger(),
    book: createScenarioBook(),
    violations: createViolations(),
    log: createLog([credentials.clientSecret, ...(secrets ?? [])]),
    open: createOpenRequests(),
    /** Every `Request-Reference-No` ever seen, with the number of its call. */
    references: new Map<string, number>(),
    sessionIds: new Set<string>(),
  };
}
