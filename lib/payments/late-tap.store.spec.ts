import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { asleepAt } from '#e2e/rig/asleep.ts';
import { drive } from '#e2e/rig/drive.ts';
import { type Answer, code, FakeMaya, notConnected } from '#e2e/rig/fake-maya.ts';
import { onlyPayment, orderRow, paymentsOf } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { momentOf } from '../base/fresh.ts';
import { besideStatements } from '../customer-session/spec-helpers.ts';
import { ClientTokenUnavailableError } from '../maya/client-token.ts';
import { findOrder } from '../orders/order.ts';
import { follow } from './follow.ts';
import { orderStatus } from './order-status.ts';
import { pay } from './pay.ts';
import { payUnlessAsked } from './tap.ts';

let maya: FakeMaya;
let rig: Rig;
beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

const MINUTE = 60_000;

/** A tap whose process stands still at a point. */
async function tapAsleep(point: string) {
  const session = await makeSession(rig.deps, { expiresInMs: 60 * MINUTE });
  const order = await makeOrder(rig.deps, session);
  const process = asleepAt(rig, point);
  // Of another process than the taps that follow.
  const taps = { run: (_key: string, work: () => unknown) => work() } as typeof rig.deps.taps;
  const tapped = pay({ ...process.deps, taps }, session, order.id, order.version);
  await process.arrived;
  return {
    session,
    order,
    shown: async () => {
      const now = await findOrder(rig.deps.store.db, order.id, session);
      if (!now) throw new Error('the order is gone');
      const { state, payable } = await orderStatus(rig.deps.store.db, now, rig.test.clock.now());
      return [state, payable];
    },
    wake: async () => {
      process.wake();
      const { tap, settled } = await drive(rig.test, tapped);
      await drive(rig.test, settled);
      return tap;
    },
  };
}

test.each(['pay.ready', 'pay.opened', 'create.answered'])(
  'C14: a tap that stood still at %s executes nothing minutes later',
  async (point) => {
    const { order, wake } = await tapAsleep(point);
    await rig.test.advance(10 * MINUTE);
    await wake();
    expect(maya.named('execute')).toEqual([]);
    const opened = point === 'pay.ready' ? [] : [{ state: 'failed', reason: 'too_late' }];
    expect(await paymentsOf(rig.deps, order.id)).toMatchObject(opened);
  },
);

test('nor by the clock on the wall alone, for the other one stands still while a machine sleeps', async () => {
  const { order, wake } = await tapAsleep('pay.opened');
  const { clock } = rig.deps;
  const monotonic = clock.monotonic();
  rig.deps.clock = { ...clock, monotonic: () => monotonic };
  await rig.test.advance(10 * MINUTE);
  await wake();
  rig.deps.clock = clock;
  expect(maya.named('execute')).toEqual([]);
  expect(await paymentsOf(rig.deps, order.id)).toMatchObject([{ state: 'failed', reason: 'too_late' }]);
  expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: null, paid_by: null });
});

test('a tap that stood still does not charge what a later tap was told is not charged, however soon it wakes', async () => {
  const { session, order, shown, wake } = await tapAsleep('pay.ready');
  await rig.test.advance(5_000);
  maya.script.create.push(code(400, '2553'));
  await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
  expect(await shown()).toEqual(['failed', true]);
  expect(await wake()).toEqual({ kind: 'refused', reason: 'order_changed' });
  expect(maya.named('execute')).toEqual([]);
  expect(await shown()).toEqual(['failed', true]);
});

test.each<[string, (deps: typeof rig.deps) => typeof rig.deps, string]>([
  ['is about to stop', (deps) => ({ ...deps, stopping: AbortSignal.abort() }), 'unavailable'],
  [
    'gets no token',
    (deps) => ({
      ...deps,
      clientTokens: Object.assign(Object.create(deps.clientTokens), {
        get: () => Promise.reject(new ClientTokenUnavailableError('no answer')),
      }),
    }),
    'unavailable',
  ],
])(
  'a tap that stood still does not charge what another process refused since it %s',
  async (_name, other, reason) => {
    const { session, order, shown, wake } = await tapAsleep('pay.ready');
    const refused = await drive(rig.test, pay(other(rig.deps), session, order.id, order.version));
    expect(refused.tap).toEqual({ kind: 'refused', reason });
    expect(await shown()).toEqual(['open', true]);
    expect(await wake()).toEqual({ kind: 'refused', reason: 'order_changed' });
    expect(maya.calls).toEqual([]);
    expect(await paymentsOf(rig.deps, order.id)).toEqual([]);
  },
);

test('nobody is told that nothing was charged while another tap is being carried out', async () => {
  const { session, order, wake } = await tapAsleep('pay.opened');
  const stopping = { ...rig.deps, stopping: AbortSignal.abort() };
  const { tap } = await drive(rig.test, pay(stopping, session, order.id, order.version));
  expect(tap).toEqual({ kind: 'following' });
  expect(await wake()).toEqual({ kind: 'following' });
  expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'approved' });
});

test('C14: a tap that stood still while it asked for earlier payments opens none minutes later', async () => {
  const session = await makeSession(rig.deps, { expiresInMs: 60 * MINUTE });
  const order = await makeOrder(rig.deps, session);
  let wake = () => {};
  const awake = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const asleep = besideStatements(rig.deps, { after: () => awake });
  const tappedAt = momentOf(rig.deps.clock);
  const form = { orderId: order.id, version: order.version, seen: undefined, tappedAt };
  const tapped = payUnlessAsked(asleep, session, form);
  await rig.test.advance(MINUTE);
  wake();
  expect(await tapped).toMatchObject({ tap: { kind: 'refused', reason: 'unavailable' } });
  expect(await paymentsOf(rig.deps, order.id)).toEqual([]);
  expect(maya.calls.filter(({ name }) => name === 'create')).toEqual([]);
});

test('a payment that is opened long after its tap begins no charge once the tap’s time is over', async () => {
  const session = await makeSession(rig.deps, { expiresInMs: 60 * MINUTE });
  const order = await makeOrder(rig.deps, session);
  const { store, clock } = rig.deps;
  const tappedMs = clock.now();
  const executedMs: number[] = [];
  const nobodyThere: Answer = (call, fake) => {
    executedMs.push(clock.now() - tappedMs);
    return notConnected(call, fake);
  };
  maya.script.execute.push(...Array.from({ length: 12 }, () => nobodyThere));
  let opens = false;
  const slow: typeof store = {
    ...store,
    transaction: async (work) => {
      if (!opens) await clock.sleep(40_000);
      opens = true;
      return store.transaction(work);
    },
  };
  await drive(
    rig.test,
    (async () => (await pay({ ...rig.deps, store: slow }, session, order.id, order.version)).settled)(),
  );
  const { id } = await onlyPayment(rig.deps, order.id);
  for (let round = 0; round < 6; round += 1) {
    await rig.test.advance(10_000);
    await drive(rig.test, follow(rig.deps, id));
  }
  expect(executedMs[0]).toBeGreaterThanOrEqual(40_000);
  expect(executedMs.length).toBeGreaterThan(1);
  expect(Math.max(...executedMs)).toBeLessThanOrEqual(45_000);
  expect(await onlyPayment(rig.deps, order.id)).toMatchObject({ state: 'failed', reason: 'not_connected' });
});
