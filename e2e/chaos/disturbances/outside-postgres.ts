import type { RailInterface } from '../../built/outside-run.ts';
import type { EcommpayScenarioName } from '../../simulator/ecommpay/scenarios/catalogue.ts';
import { OUTSIDE_TIMES } from '../outside-points.ts';
import { arriveThenPay, type Visitor } from '../visitor.ts';
import { withVisitors } from './disturbance.ts';
import { type Company, GONE, KILLED_IN_COMMIT, strike } from './postgres-strike.ts';

/** A moment in the life of a payment outside Maya, by what its transaction carries. */
type Stop = { marker: string; scenario: EcommpayScenarioName };

const BY_PAGE: readonly Stop[] = [
  { marker: 'insert into "ecommpay_sales"', scenario: 'success' },
  { marker: 'callback_said|', scenario: 'success' },
  { marker: 'status_said|', scenario: 'callback-never' },
];
const BY_GATE: readonly Stop[] = [
  { marker: 'sale_answer:1', scenario: 'success' },
  { marker: 'callback_said|', scenario: 'success' },
  { marker: 'insert into "ecommpay_sales"', scenario: 'success' },
  { marker: 'redirect_offered:', scenario: 'success' },
  { marker: 'status_said|', scenario: 'callback-never' },
];

const outside = (rail: RailInterface, stops: readonly Stop[]): Company<Visitor, Stop> => ({
  stops,
  rail,
  env: OUTSIDE_TIMES,
  gather: withVisitors,
  begin: (_, visitors, { scenario }, ready) =>
    arriveThenPay(visitors, () => scenario, { lingersMs: 0, ready }),
});

/** PostgreSQL cannot be reached while an address is handed out, a sale is answered, or ECommPay says something. */
export const pagePostgresGone = strike(GONE, outside('page', BY_PAGE));
export const gatePostgresGone = strike(GONE, outside('gate', BY_GATE));

/** The process dies in the middle of such a commit, which PostgreSQL has done or not. */
export const gateCommitKilled = strike(KILLED_IN_COMMIT, outside('gate', BY_GATE));
