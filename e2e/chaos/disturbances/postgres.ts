import type { ScenarioName } from '../../simulator/maya/scenarios/catalogue.ts';
import type { Customer } from '../customer.ts';
import { arriveThenTap } from '../kill-round.ts';
import { withScene } from './disturbance.ts';
import { type Company, GONE, KILLED_IN_COMMIT, outage, strike } from './postgres-strike.ts';

/** A moment in a payment's life, by what its transaction carries, or its only statement. */
type Stop = { marker: string; scenario: ScenarioName; tokensEnded?: boolean };

const TRANSACTIONS: readonly Stop[] = [
  { marker: 'insert into "payments"', scenario: 'approved' },
  { marker: 'execute_attempt:1', scenario: 'approved' },
  { marker: 'execute_answer:1', scenario: 'approved' },
  { marker: 'create_attempt:2', scenario: 'create-500' },
  { marker: 'execute_attempt:2', scenario: 'execute-reset-charged' },
  { marker: 'execute_answer:2', scenario: 'execute-500-charged' },
];
const ALL: readonly Stop[] = [
  ...TRANSACTIONS,
  { marker: 'set "sealed_tokens" = $1, "generation"', scenario: 'approved', tokensEnded: true },
  { marker: 'set "refresh_reference"', scenario: 'approved', tokensEnded: true },
  { marker: 'set "delivered_at"', scenario: 'approved' },
];

const insideMaya = (stops: readonly Stop[]): Company<Customer, Stop> => ({
  stops,
  gather: withScene,
  begin: (stage, customers, { scenario, tokensEnded = false }, ready) =>
    arriveThenTap(stage, customers, () => scenario, { tokensEnded, ready }),
});

/** The commit is done, and its answer is lost. */
export const commitLost = strike(
  { name: 'commit-lost', moment: 'commit', fate: () => 'answer-lost' },
  insideMaya(TRANSACTIONS),
);

/** The process dies in the middle of a commit, which PostgreSQL has done or not. */
export const commitKilled = strike(KILLED_IN_COMMIT, insideMaya(TRANSACTIONS));

/** PostgreSQL cannot be reached: connections break and new ones are refused. */
export const postgresGone = strike(GONE, insideMaya(ALL));

/** The network drops everything between the app and PostgreSQL, without a word to either. */
export const postgresSilent = strike(
  { name: 'postgres-silent', moment: 'statement', fate: () => 'pass', afterwards: outage('silent') },
  insideMaya(ALL),
);
