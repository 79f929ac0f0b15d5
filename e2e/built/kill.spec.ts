import { describe, expect, onTestFinished, test } from 'vitest';
import type { FaultPoint } from '#lib/base/fault-points.ts';
import { loadEvents } from '#lib/payments/payment.ts';
import type { ScenarioName } from '../simulator/maya/scenarios/catalogue.ts';
import { delivered, endOf } from './after-kill.ts';
import { freshCustomer, goToCheckout, openStage } from './stage.ts';

/** A process that has started settles what a killed one left; how soon is a figure of the benchmark, not of a test. */
const WITHIN_MS = 60_000;

/** Where it dies, what Maya does meanwhile, and how it must end. */
const POINTS: [FaultPoint, ScenarioName, string[]][] = [
  ['pay.opened', 'approved', ['failed']],
  ['create.answered', 'approved', ['failed']],
  ['execute.recorded', 'approved', ['approved']],
  ['execute.answered', 'approved', ['approved']],
  ['execute.saved', 'approved', ['approved']],
  ['settle.leased', 'execute-reset-charged', ['approved']],
  ['settle.recorded', 'execute-reset-charged', ['approved']],
  ['settle.answered', 'execute-timeout-uncharged', ['approved']],
  ['settle.saved', 'execute-reset-charged', ['approved']],
  ['outbox.leased', 'approved', ['approved']],
  ['outbox.consumed', 'approved', ['approved']],
  ['refresh.answered', 'token-expired-create', ['failed']],
  ['refresh.saved', 'token-expired-create', ['failed']],
];

describe.concurrent.each(['sqlite', 'postgres'] as const)('K, on %s: SIGKILL at', (engine) => {
  test.for(POINTS)('C20: %s while %s', async ([point, scenario, ends], { expect, onTestFinished }) => {
    const stage = await openStage(engine, { servers: 0, env: { PAY_WAIT_MS: '30000' } });
    onTestFinished(() => stage.close());
    const { store, simulator } = stage;
    const doomed = await stage.startServer({ FAULT_POINT: `${point}:1` });
    const customer = freshCustomer();
    const webview = await stage.launch(customer);
    const order = await goToCheckout(webview);
    simulator.maya.setScenario({ customer, name: scenario });
    const [address, form] = webview.prepare(/^Pay /);
    await webview.open(address, form).catch(() => undefined);
    expect((await doomed.gone).signal).toBe('SIGKILL');

    const started = Date.now();
    const next = await stage.startServer();
    const state = await endOf(stage, order, started + WITHIN_MS);
    expect(ends).toContain(state);

    const { id } = await store.db
      .selectFrom('payments')
      .select('id')
      .where('order_id', '=', order)
      .executeTakeFirstOrThrow();
    const events = await loadEvents(store.db, id);
    const first = events.find(({ fact }) => fact.kind === 'execute_attempt' && fact.attempt === 1);
    const opened = events[0];
    if (first)
      expect(first.recordedBy, 'the first execute is never made by recovery').toBe(opened?.recordedBy);
    const { debits } = simulator.maya.ledger(customer);
    expect(debits.length).toBeLessThanOrEqual(1);
    expect(debits.length === 1).toBe(state === 'approved');

    const page = await webview.open(`/orders/${order}`);
    expect(page.heading).toBe(state === 'approved' ? 'Payment successful' : 'Payment failed');
    if (state === 'approved') await delivered(stage, order, expect);
    else expect(page.text).toContain('Nothing was charged');
    expect(next.output.join('\n')).not.toContain('unhandled');
  });
});

test('K, D9: SIGTERM in the middle of an execute: the answer is recorded before the process ends', async () => {
  const stage = await openStage('sqlite', { env: { MAYA_EXECUTE_TIMEOUT_MS: '6000' } });
  onTestFinished(() => stage.close());
  const { simulator, store } = stage;
  const [server] = stage.servers;
  if (!server) throw new Error('no server');
  const customer = freshCustomer();
  const webview = await stage.launch(customer);
  const order = await goToCheckout(webview);
  simulator.maya.changeSettings({ lateMs: 2_500 });
  simulator.maya.setScenario({ customer, name: 'execute-late' });
  const page = await webview.submit(/^Pay /);
  expect(page.heading).toBe('Confirming your payment');
  await server.kill('SIGTERM');
  const payment = await store.db
    .selectFrom('payments')
    .selectAll()
    .where('order_id', '=', order)
    .executeTakeFirst();
  expect(payment).toMatchObject({ state: 'approved', confirmed_by: 'provider' });
  expect(server.output.join('\n')).toContain('"process.stopping"');
});
