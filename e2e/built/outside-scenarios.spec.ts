import { afterAll, describe, test } from 'vitest';
import { scenarios } from '../simulator/ecommpay/scenarios/catalogue.ts';
import { inParallel } from './in-parallel.ts';
import { fillWallet, type RailInterface } from './outside-run.ts';
import {
  describeOutside,
  faults,
  type OutsideScenarioRun,
  outcomeOf,
  type Paying,
  payUnder,
} from './outside-scenario-run.ts';
import { openStage } from './stage.ts';
import { table } from './table.ts';

const AT_ONCE = 24;

/** What is two days late has come, and what stays open for a day is over. */
const TWO_DAYS_MS = 2 * 86_400_000;

/** Long enough for a slow machine, and short where nothing but waiting would be seen. */
const SHORT = {
  ECOMMPAY_BEST_BEFORE_SECONDS: '60',
  ECOMMPAY_SALE_BASE_SECONDS: '8',
  ECOMMPAY_RESEND_AFTER_SECONDS: '2',
};

const rows: Record<string, string | number>[] = [];
afterAll(() => {
  process.stdout.write(`${table(rows)}\n`);
});

const ofSales = (rail: RailInterface) =>
  scenarios.filter(
    ({ group, touches }) =>
      group !== 'payout' &&
      (touches.length === 0 || touches.includes('status') || touches.includes(`${rail}-sale`)),
  );

const inCatalogueOrder = (runs: OutsideScenarioRun[]) =>
  scenarios.flatMap(({ name }) => runs.filter(({ scenario }) => scenario.name === name));

describe.concurrent('outside Maya', () => {
  test.for([
    ['page', 40],
    ['gate', 65],
  ] as const)(
    'E1, E2, E3, E4, E5, E6, E10, E11, E15, E17, E18, E19: every scenario by %s ends with the truth and at most one debit',
    { timeout: 240_000 },
    async ([rail, atLeast], { expect }) => {
      const stage = await openStage('sqlite', { rail, env: SHORT });
      try {
        fillWallet(stage);
        const customers: Paying[] = [];
        await inParallel(ofSales(rail), AT_ONCE, async (scenario) => {
          customers.push(await payUnder(stage, rail, scenario));
        });
        await stage.simulator.advance(TWO_DAYS_MS);
        const runs = await Promise.all(customers.map((customer) => outcomeOf(stage, customer)));

        for (const run of inCatalogueOrder(runs)) rows.push(describeOutside(run));
        expect(
          runs.flatMap((run) => faults(run).map((fault) => `${rail} ${run.scenario.name}: ${fault}`)),
        ).toEqual([]);
        expect(stage.simulator.ecommpay.violations()).toEqual([]);
        expect(runs.length).toBeGreaterThan(atLeast);
      } finally {
        await stage.close();
      }
    },
  );
});
