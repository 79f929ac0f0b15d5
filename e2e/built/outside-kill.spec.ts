import { describe, expect, test } from 'vitest';
import type { FaultPoint } from '#lib/base/fault-points.ts';
import { loadEvents } from '#lib/payments/payment.ts';
import { OUTSIDE_POINTS } from '../chaos/outside-points.ts';
import { outsideRound } from '../chaos/outside-round.ts';
import type { EcommpayScenarioName } from '../simulator/ecommpay/scenarios/catalogue.ts';
import { delivered, endOf } from './after-kill.ts';
import { onOne } from './on-one-store.ts';
import {
  approve,
  fillWallet,
  goToWallet,
  type OutsideCustomer,
  payForm,
  type RailInterface,
  visit,
} from './outside-run.ts';
import { HEADING_OF } from './scenario-run.ts';
import { openStage, type Stage } from './stage.ts';

/** A process that has started settles what a killed one left; how soon is a figure of the benchmark, not of a test. */
const WITHIN_MS = 90_000;

type Case = {
  through: RailInterface;
  /** Where it dies, and at which passing of that point. */
  at: `${FaultPoint}:${number}`;
  scenario: EcommpayScenarioName;
  /** Whether the customer comes back and goes on. */
  returns: boolean;
  ends: 'approved' | 'failed';
};

const goesOn = (
  through: RailInterface,
  at: Case['at'],
  scenario: EcommpayScenarioName = 'success',
): Case => ({ through, at, scenario, returns: true, ends: 'approved' });

const leaves = (through: RailInterface, at: Case['at']): Case => ({
  through,
  at,
  scenario: 'success',
  returns: false,
  ends: 'failed',
});

const CASES: Case[] = [
  goesOn('page', 'page.recorded:1'),
  leaves('page', 'page.recorded:1'),
  goesOn('page', 'callback.received:1'),
  goesOn('page', 'callback.saved:1'),
  goesOn('page', 'return.received:1'),
  goesOn('page', 'settle.leased:1', 'callback-never'),
  goesOn('page', 'status.answered:1', 'callback-never'),
  goesOn('gate', 'sale.recorded:1'),
  leaves('gate', 'sale.recorded:1'),
  goesOn('gate', 'sale.answered:1'),
  goesOn('gate', 'sale.saved:1'),
  goesOn('gate', 'sale.recorded:2', 'request-lost'),
  goesOn('gate', 'sale.answered:2', 'request-lost'),
  goesOn('gate', 'callback.saved:1'),
  goesOn('gate', 'status.asked:1', 'callback-never'),
  goesOn('gate', 'status.saved:1', 'callback-never'),
];

/** Who goes on has time to; whoever left does not keep the claim for long. Asking begins soon where it is to be met. */
function times({ at, returns, through }: Case): Record<string, string> {
  const isAsked = /^(settle|status)\./.test(at) || !returns;
  return {
    ECOMMPAY_BEST_BEFORE_SECONDS: returns ? '80' : '4',
    ECOMMPAY_SALE_BASE_SECONDS: isAsked || through === 'page' ? '3' : '60',
    // What was sent again would be open for as long as ECommPay works on it.
    ECOMMPAY_RESEND_AFTER_SECONDS: returns ? '2' : '60',
  };
}

describe.concurrent.each(['sqlite', 'postgres'] as const)('K, on %s: SIGKILL outside Maya at', (engine) => {
  test.for(onOne(engine, CASES))(
    'C20, E9, E13: $through $at while $scenario, returns: $returns',
    { timeout: 240_000 },
    async (dies, { expect, onTestFinished }) => {
      const { through, at, scenario, returns, ends } = dies;
      const stage = await openStage(engine, { rail: through, servers: 0, env: times(dies) });
      onTestFinished(() => stage.close());
      const { store, simulator } = stage;
      fillWallet(stage);
      const doomed = await stage.startServer({ FAULT_POINT: at });
      const customer = await visit(stage, through);
      onTestFinished(() => customer.browser.close());
      simulator.ecommpay.setScenario({ customer: customer.customer, name: scenario });
      const [address, form] = payForm(customer);
      await customer.browser
        .open(address, form)
        .then(() => (returns ? pay(customer) : undefined))
        .catch(() => undefined);
      expect((await doomed.gone).signal).toBe('SIGKILL');

      const lastCall = simulator.ecommpay.log().at(-1)?.number ?? 0;
      const started = Date.now();
      const next = await stage.startServer();
      if (returns && debits(stage, customer) === 0) await pay(customer);
      const state = await endOf(stage, customer.order, started + WITHIN_MS);
      expect(state).toBe(ends);
      expect(debits(stage, customer)).toBe(state === 'approved' ? 1 : 0);

      const [payment] = await customer.payments();
      const events = await loadEvents(store.db, payment?.id ?? '');
      const sends = events.filter(({ fact }) => fact.kind === 'page_handed' || fact.kind === 'sale_attempt');
      expect(sends[0]?.recordedBy, 'the first send is never made by recovery').toBe(events[0]?.recordedBy);
      const calls = simulator.ecommpay
        .log({ customer: customer.customer, after: lastCall })
        .concat(simulator.ecommpay.log({ payment: payment?.id ?? '', after: lastCall }))
        .sort((a, b) => a.number - b.number)
        .filter(({ call }) => call === 'sale' || call === 'status')
        .map(({ call }) => call);
      if (through === 'page') {
        expect(sends).toHaveLength(1);
        expect(calls).not.toContain('sale');
      } else
        expect(calls[0] ?? 'status', 'a Gate sale is asked about before it is sent again').toBe('status');
      expect(simulator.ecommpay.violations()).toEqual([]);

      const page = await customer.browser.open(`${stage.appUrl}/orders/${customer.order}`);
      expect(page.heading).toBe(HEADING_OF[state]);
      if (state === 'approved') await delivered(stage, customer.order, expect);
      else expect(page.text).toContain('Nothing was charged');
      expect(next.output.join('\n')).not.toContain('unhandled');
    },
  );
});

/** A taste of what `npm run chaos:kill` does at every point of this rail, on both stores. */
describe.concurrent('K: SIGKILL while several pay outside Maya', () => {
  test.for([
    ['sqlite', 'page', 'callback.received'],
    ['postgres', 'gate', 'sale.answered'],
  ] as const)(
    'C20, E9, E13: on %s, by %s at %s',
    { timeout: 240_000 },
    async ([engine, through, point], { expect, onTestFinished }) => {
      const crash = OUTSIDE_POINTS.find((one) => one.through === through && one.point === point);
      if (!crash) throw new Error(`${through}/${point} stands in no matrix`);
      const stage = await openStage(engine, { rail: through, servers: 0 });
      onTestFinished(() => stage.close());
      const { tally, faults } = await outsideRound(stage, crash, 0, 2);
      expect(faults).toEqual([]);
      expect(tally).toMatchObject({
        kills: 1,
        double: 0,
        lost: 0,
        stuck: 0,
        wrong: 0,
        missed: 0,
        reviews: 0,
      });
    },
  );
});

/** Goes on to the wallet, approves, and comes back. */
async function pay(customer: OutsideCustomer): Promise<void> {
  expect(await goToWallet(customer, 60_000)).toBe(true);
  await approve(customer, 20_000);
}

const debits = ({ simulator }: Stage, { customer }: OutsideCustomer) =>
  simulator.ecommpay.ledger(customer).debits.length;
