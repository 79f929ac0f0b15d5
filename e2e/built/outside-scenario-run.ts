import type { Scenario } from '../simulator/ecommpay/scenarios/scenario.ts';
import {
  approve,
  goToWallet,
  type OutsideCustomer,
  payForm,
  type RailInterface,
  settled,
  told,
  visit,
} from './outside-run.ts';
import { HEADING_OF } from './scenario-run.ts';
import type { Stage } from './stage.ts';

/** What one customer saw, and what one wallet lost, while ECommPay behaved as the scenario says. */
export type OutsideScenarioRun = {
  rail: RailInterface;
  scenario: Scenario;
  /** Whether anybody was taken to the wallet. */
  sent: boolean;
  /** What the order told once the customer was back, and after two days of ECommPay's. */
  soon: string;
  state: string;
  reason: string | null;
  heading: string;
  duplicatePaid: boolean;
  payments: number;
  debits: number;
  debitedCentavos: number;
  totalCentavos: number;
  /** Deliveries, each repeat counted. */
  callbacks: number;
  violations: string[];
};

/** Nobody is sent to the wallet: there is no redirect, or none that may be followed. */
const LEADS_NOWHERE = new Set([
  'redirect-never',
  'redirect-http',
  'redirect-private',
  'redirect-metadata',
  'redirect-credentials',
  'redirect-script',
  'redirect-nested-body',
  'redirect-put',
  'request-refused-200',
  'request-refused-number',
  'duplicate-3613',
]);

/** No end comes before the limit time of a day is over. */
const STAYS_OPEN = new Set(['customer-walks-away', ...LEADS_NOWHERE]);

const NOWHERE_MS = 2_000;
const SOON_MS = 20_000;

export type Paying = OutsideCustomer & { is: Scenario; sent: boolean; soon: string };

/** Orders, taps Pay twice at once, is taken to the wallet, approves and comes back. */
export async function payUnder(stage: Stage, rail: RailInterface, is: Scenario): Promise<Paying> {
  const { ecommpay } = stage.simulator;
  const customer = await visit(stage, rail);
  const { browser, customer: id } = customer;
  // What is asked for is worth looking at only where no callback has told the result before.
  const isOfStatus = is.touches.includes('status');
  ecommpay.setScenario({ customer: id, name: isOfStatus ? 'callback-late' : is.name });
  const [address, form] = payForm(customer);
  const twin = browser.on(stage.appUrl);
  await Promise.all([browser.open(address, form), twin.open(address, form)]);
  await twin.close();
  if (isOfStatus)
    for (const payment of await customer.payments())
      ecommpay.setScenario({ payment: payment.id, name: is.name });
  const sent = await goToWallet(customer, LEADS_NOWHERE.has(is.name) ? NOWHERE_MS : SOON_MS);
  if (sent) await approve(customer, SOON_MS);
  if (is.name === 'second-attempt' && rail === 'gate' && (await goToWallet(customer, SOON_MS)))
    await approve(customer, SOON_MS);
  const soon = await settled(customer, STAYS_OPEN.has(is.name) ? NOWHERE_MS : SOON_MS);
  return { ...customer, is, sent, soon };
}

/** What came of it, once everything has happened that will. */
export async function outcomeOf(stage: Stage, paying: Paying): Promise<OutsideScenarioRun> {
  const { browser, order, customer, rail, is, sent, soon } = paying;
  const { ecommpay } = stage.simulator;
  await settled(paying, SOON_MS);
  const page = await browser.open(new URL(`/orders/${order}`, stage.appUrl).href);
  const { state, duplicatePaid } = await told(paying);
  await browser.close();
  const payments = await paying.payments();
  const ids = new Set(payments.map(({ id }) => id));
  const debits = ecommpay.ledger().debits.filter(({ paymentId }) => ids.has(paymentId));
  const { total_centavos: totalCentavos } = await stage.store.db
    .selectFrom('orders')
    .select('total_centavos')
    .where('id', '=', order)
    .executeTakeFirstOrThrow();
  return {
    rail,
    scenario: is,
    sent,
    soon,
    state,
    reason: payments[0]?.reason ?? null,
    heading: page.heading,
    duplicatePaid,
    payments: payments.length,
    debits: debits.length,
    debitedCentavos: debits.reduce((sum, { amountCentavos }) => sum + amountCentavos, 0),
    totalCentavos,
    callbacks: payments
      .flatMap(({ id }) => ecommpay.callbacks(id))
      .reduce((sum, { attempts }) => sum + attempts, 0),
    violations: ecommpay.violations({ customer }).map(({ kind, detail }) => `${kind}: ${detail}`),
  };
}

/** Where it is not `approved` in the end. */
const EXPECTED: Readonly<Record<string, string>> = {
  'decline-20000': 'declined',
  'decline-20101': 'declined',
  'decline-20105': 'declined',
  'customer-walks-away': 'declined',
  // E15: the money is another than was asked for, and only a person can say what that means.
  'paid-less': 'review',
  'paid-converted': 'review',
  'redirect-never': 'declined',
  'redirect-http': 'declined',
  'redirect-private': 'declined',
  'redirect-metadata': 'declined',
  'redirect-credentials': 'declined',
  'redirect-script': 'declined',
  'redirect-nested-body': 'declined',
  'redirect-put': 'declined',
  'request-refused-200': 'failed',
  'request-refused-number': 'failed',
  'duplicate-3613': 'failed',
};

/** What is wrong with a run; nothing, when the page told the truth and the money is right. */
export function faults(run: OutsideScenarioRun): string[] {
  const { state, debits, scenario } = run;
  const expected = EXPECTED[scenario.name] ?? 'approved';
  const isPaid = state === 'approved' || state === 'review';
  const wrong: [boolean, string][] = [
    [state !== expected, `${state} (${run.reason}), but ${expected} was expected`],
    [run.heading !== HEADING_OF[state], `the page says "${run.heading}" while the state is ${state}`],
    [run.payments !== 1, `${run.payments} payments for one order`],
    [debits > 1, `${debits} debits for one order`],
    [run.duplicatePaid, 'charged twice'],
    [debits === 1 && !isPaid, `debited, but ${state}`],
    [debits === 0 && state === 'approved', 'shown as paid, but never debited'],
    [
      state === 'approved' && run.debitedCentavos !== run.totalCentavos,
      'debited another amount than was shown',
    ],
    [
      run.soon === 'review' && expected !== 'review' && !DIFFERS_AT_FIRST.has(scenario.name),
      `in review meanwhile: ${run.reason}`,
    ],
    [run.sent === LEADS_NOWHERE.has(scenario.name), run.sent ? 'sent to the wallet' : 'sent nowhere'],
  ];
  return [
    ...wrong.filter(([is]) => is).map(([, text]) => text),
    ...run.violations.map((text) => `violation: ${text}`),
  ];
}

/** E6: what was said first differs, truly signed, and what is said next does not: in review until then. */
const DIFFERS_AT_FIRST = new Set([
  'callback-wrong-amount',
  'callback-wrong-currency',
  'callback-wrong-project',
  'callback-wrong-type',
  'status-wrong-amount',
]);

/** One line of the table. */
export const describeOutside = (run: OutsideScenarioRun): Record<string, string | number> => ({
  interface: run.rail,
  scenario: run.scenario.name,
  'sent on': run.sent ? 'yes' : 'no',
  'order says': run.soon,
  'in the end': run.state,
  reason: run.reason ?? '',
  debits: run.debits,
  callbacks: run.callbacks,
});
