import { afterEach, expect, test } from 'vitest';
import { freshCustomer, goToCheckout, openStage, type Stage } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

/** The form of the checkout page, sent `times` at once, to both processes in turn. */
async function payAtOnce(opened: Stage, customer: string, times: number, beforePay?: () => void) {
  const webview = await opened.launch(customer);
  const order = await goToCheckout(webview);
  const [address, form] = webview.prepare(/^Pay /);
  beforePay?.();
  const twins = opened.servers.map((server) => webview.on(server.url));
  const statuses = await Promise.all(
    Array.from({ length: times }, async (_, index) => {
      const twin = twins[index % twins.length] ?? webview;
      const answer = await twin.send('POST', new URL(address), form.body, form.type);
      await answer.body.dump();
      return answer.statusCode;
    }),
  );
  const page = await webview.open(`/orders/${order}`);
  await Promise.all(twins.map((twin) => twin.close()));
  return { order, statuses, page };
}

test('M, C3, C41: 100 simultaneous posts of one order to two processes are one create and one execute', async () => {
  stage = await openStage('postgres', { servers: 2, env: { PAY_WAIT_MS: '6000' } });
  const customer = freshCustomer();
  const { statuses, page } = await payAtOnce(stage, customer, 100);
  expect(new Set(statuses)).toEqual(new Set([303]));
  await expect.poll(() => page.heading).toBe('Payment successful');
  const calls = stage.simulator.maya.log({ customer }).map((entry) => entry.call);
  expect(calls.filter((call) => call === 'create')).toHaveLength(1);
  expect(calls.filter((call) => call === 'execute')).toHaveLength(1);
  expect(stage.simulator.maya.ledger(customer).debits).toHaveLength(1);
  expect(stage.simulator.maya.violations()).toEqual([]);
});

test('M, B1: 100 simultaneous requests on a session whose token ended are one refresh', async () => {
  stage = await openStage('postgres', { servers: 2, env: { PAY_WAIT_MS: '6000' } });
  const { store, simulator } = stage;
  const customer = freshCustomer();
  const { page } = await payAtOnce(stage, customer, 100, () => {
    void store.db.updateTable('sessions').set({ access_expires_at: 1 }).execute();
  });
  await expect.poll(() => page.heading).toBe('Payment successful');
  const calls = simulator.maya.log({ customer }).map((entry) => entry.call);
  expect(calls.filter((call) => call === 'refresh')).toHaveLength(1);
  expect(calls.filter((call) => call === 'create')).toHaveLength(1);
  expect(calls.filter((call) => call === 'execute')).toHaveLength(1);
  expect(simulator.maya.violations()).toEqual([]);
});

test('M, A18: a hand-off to one process is redeemed and paid at another', async () => {
  stage = await openStage('postgres', { servers: 2 });
  const customer = freshCustomer();
  const webview = await stage.launch(customer);
  const other = webview.on(stage.servers[1]?.url ?? '');
  const order = await goToCheckout(other);
  expect((await other.submit(/^Pay /)).heading).toBe('Payment successful');
  expect((await webview.open(`/orders/${order}`)).heading).toBe('Payment successful');
  await other.close();
});
