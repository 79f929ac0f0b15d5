import type { ScenarioName } from '../simulator/maya/scenarios/catalogue.ts';
import type { Webview } from '../webview/webview.ts';
import { freshCustomer, goToCheckout, type Stage } from './stage.ts';

/** What one customer saw and what one wallet lost under a scenario. */
export type ScenarioRun = {
  scenario: ScenarioName;
  calls: number | 'natural';
  customer: string;
  order: string;
  /** States that the order's address told, in order, without repeats. */
  states: string[];
  /** The heading the customer reads at the end. */
  heading: string;
  duplicatePaid: boolean;
  debits: number;
  debitedCentavos: number;
  totalCentavos: number;
  confirmedBy: string | null;
  reason: string | null;
  executes: number;
  violations: string[];
  tookMs: number;
  /** Whether the state was final, or in review, in time. */
  settled: boolean;
};

/** Headings of design: what a state must read. */
export const HEADING_OF: Record<string, string> = {
  approved: 'Payment successful',
  declined: 'Payment declined',
  failed: 'Payment failed',
  review: 'Confirming your payment',
};

const SETTLED = new Set(Object.keys(HEADING_OF));

/** A customer buys one thing while Maya behaves as the scenario says, and waits for the end. */
export async function runScenario(
  stage: Stage,
  scenario: ScenarioName,
  calls: number | 'natural',
  limitMs: number,
): Promise<ScenarioRun> {
  const customer = freshCustomer();
  const webview = await stage.launch(customer);
  const order = await goToCheckout(webview);
  // The profile call of the launch is over by now; from here on the scenario holds.
  stage.simulator.maya.setScenario({ customer, name: scenario, ...(calls === 'natural' ? {} : { calls }) });
  const started = Date.now();
  const states: string[] = [];
  const paying = webview.submit(/^Pay /);
  const watching = watch(webview, order, states, started + limitMs);
  await paying;
  const last = await watching;
  const tookMs = Date.now() - started;
  // One more turn: what was told as the end must stay so.
  await new Promise((resolve) => setTimeout(resolve, 300));
  await look(webview, order, states);
  const page = await webview.open(`/orders/${order}`);

  const { debits } = stage.simulator.maya.ledger(customer);
  const payment = await stage.store.db
    .selectFrom('payments')
    .select(['id', 'confirmed_by', 'reason', 'amount_centavos'])
    .where('order_id', '=', order)
    .orderBy('opened_at', 'desc')
    .executeTakeFirst();
  const executes = payment
    ? await stage.store.db
        .selectFrom('payment_events')
        .select('number')
        .where('payment_id', '=', payment.id)
        .where('kind', '=', 'execute_attempt')
        .execute()
    : [];
  const total = await stage.store.db
    .selectFrom('orders')
    .select('total_centavos')
    .where('id', '=', order)
    .executeTakeFirstOrThrow();
  return {
    scenario,
    calls,
    customer,
    order,
    states,
    heading: page.heading,
    duplicatePaid: last.duplicatePaid,
    debits: debits.length,
    debitedCentavos: debits.reduce((sum, debit) => sum + debit.amountCentavos, 0),
    totalCentavos: total.total_centavos,
    confirmedBy: payment?.confirmed_by ?? null,
    reason: payment?.reason ?? null,
    executes: executes.length,
    violations: stage.simulator.maya.violations(customer).map(({ kind, detail }) => `${kind}: ${detail}`),
    tookMs,
    settled: SETTLED.has(states.at(-1) ?? ''),
  };
}

type Told = { state: string; duplicatePaid: boolean };

async function look(webview: Webview, order: string, states: string[]): Promise<Told> {
  const answer = await webview.send('GET', new URL(`/api/orders/${order}`, webview.page?.url));
  const told = (await answer.body.json()) as Told;
  if (told.state !== states.at(-1)) states.push(told.state);
  return told;
}

async function watch(webview: Webview, order: string, states: string[], untilMs: number): Promise<Told> {
  for (;;) {
    const told = await look(webview, order, states);
    if (SETTLED.has(told.state) || Date.now() > untilMs) return told;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Where the outcome depends on how "already processed" is read. */
const BY_SETTING = 'by MAYA_PY0010';

/** The state each scenario leads to when it meets a customer's next calls once. */
const EXPECTED: Record<ScenarioName, string> = {
  approved: 'approved',
  'declined-balance': 'declined',
  'declined-limit': 'declined',
  'declined-risk': 'declined',
  'declined-balance-code': 'declined',
  'declined-limit-code': 'declined',
  'declined-risk-code': 'declined',
  'create-timeout': 'approved',
  'create-reset': 'approved',
  'create-500': 'approved',
  'create-wrong-amount': 'failed',
  'create-wrong-p2m': 'failed',
  'create-no-echo': 'approved',
  'create-refused': 'failed',
  'execute-timeout-charged': BY_SETTING,
  'execute-timeout-uncharged': 'approved',
  'execute-reset-charged': BY_SETTING,
  'execute-500-charged': BY_SETTING,
  'execute-502-html': BY_SETTING,
  'execute-malformed-json': BY_SETTING,
  'execute-truncated': BY_SETTING,
  'execute-no-status': BY_SETTING,
  'execute-unknown-status': BY_SETTING,
  'execute-other-id': 'review',
  'execute-wrong-amount': 'review',
  'execute-late': BY_SETTING,
  'execute-py0010-first': 'review',
  'execute-py0009': 'failed',
  'execute-404': 'approved',
  'execute-429': 'approved',
  'execute-balance-code-after-charge': BY_SETTING,
  'declined-answer-lost': BY_SETTING,
  'token-expired-create': 'approved',
  'token-expired-execute': 'approved',
  'refresh-refused': 'failed',
  'refresh-answer-lost': 'failed',
  'refresh-slow': 'approved',
  'refresh-family-revoked': 'failed',
  'client-token-rejected': 'approved',
  'oauth-down': 'failed',
  'profile-down': 'approved',
  'payment-expiry-30s': 'approved',
  'payment-expiry-900s': 'approved',
  'everything-slow': 'approved',
};

/** Whether `MAYA_PY0010` decides how the scenario ends. */
export const isBySetting = (scenario: ScenarioName): boolean => EXPECTED[scenario] === BY_SETTING;

/** The state that a run of natural length must end in. */
export function expectedState(
  run: ScenarioRun,
  config: { py0010: 'approved' | 'review'; repeatAfterDeclined: string },
): string {
  // Another code than PY0010 after a lost decline says nothing by itself, however often it comes.
  if (run.scenario === 'declined-answer-lost' && config.repeatAfterDeclined === 'code') return 'review';
  const expected = EXPECTED[run.scenario];
  return expected === BY_SETTING ? config.py0010 : expected;
}

/** What is wrong with a run; nothing, when the page told the truth and the money is right. */
export function faults(
  run: ScenarioRun,
  config: { py0010: 'approved' | 'review'; repeatAfterDeclined: string },
): string[] {
  const state = run.states.at(-1) ?? '';
  const wrong: string[] = [];
  const say = (condition: boolean, text: string) => {
    if (condition) wrong.push(text);
  };
  if (run.calls === 'natural') {
    const expected = expectedState(run, config);
    say(state !== expected, `${state}, but ${expected} was expected`);
  }
  say(!run.settled, `still ${state} after ${run.tookMs} ms`);
  say(run.heading !== HEADING_OF[state], `the page says "${run.heading}" while the state is ${state}`);
  say(run.debits > 1, `${run.debits} debits for one order`);
  say(run.debits === 1 && !['approved', 'review'].includes(state), `debited, but ${state}`);
  say(run.debits === 1 && run.debitedCentavos !== run.totalCentavos, 'debited another amount than was shown');
  const excused =
    run.confirmedBy === 'PY0010' &&
    config.repeatAfterDeclined === 'PY0010' &&
    run.scenario === 'declined-answer-lost';
  say(state === 'approved' && run.debits === 0 && !excused, 'shown as paid, but never debited');
  const final = run.states.findIndex((name) => ['declined', 'failed', 'approved'].includes(name));
  say(final >= 0 && final !== run.states.length - 1, `it said ${run.states.join(', then ')}`);
  say(run.duplicatePaid, 'charged twice');
  say(
    config.py0010 === 'review' && run.confirmedBy === 'PY0010',
    'PY0010 was believed although the setting says review',
  );
  for (const violation of run.violations) wrong.push(`violation: ${violation}`);
  return wrong;
}

/** One line of the table. */
export function describeRun(run: ScenarioRun): Record<string, string | number> {
  return {
    scenario: run.scenario,
    calls: run.calls,
    'order says': run.states.at(-1) ?? '',
    reason: run.reason ?? '',
    'confirmed by': run.confirmedBy ?? '',
    debits: run.debits,
    executes: run.executes,
    'settled after': `${(run.tookMs / 1_000).toFixed(1)} s`,
  };
}
