import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import {
  AMOUNT,
  type Edge,
  freshEdge,
  MINUTE,
  makeEcommpayRig,
  makeVisitor,
  nextLookInMs,
  pass,
} from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type EcommpayAnswer, refusedWith, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { hang, notConnected, reset } from '#e2e/rig/fake-maya.ts';
import { alarms, history, orderRow, paymentsOf } from '#e2e/rig/payments.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { append, lockPayment } from '../append.ts';
import { loadEvents } from '../payment.ts';
import { settleOnce } from '../settle.ts';
import { decide, mayDecideFromMs } from '../staff.ts';
import { redirectFor } from './redirect-for.ts';
import { releaseAtMs } from './sales.ts';
import { startGatePayment } from './start-gate.ts';

let edge: Edge;
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge, { settings: { ECOMMPAY_SALE: 'gate' } });
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

async function shopper(...answers: EcommpayAnswer[]) {
  const visitor = await makeVisitor(rig);
  edge.ecommpay.script.sale.push(...answers);
  const tap = (deps = rig.deps) =>
    startGatePayment(deps, visitor.buyer, visitor.order, visitor.order.version);
  /** Taps, and waits until nothing is to be done for a while. */
  const start = async () => {
    const { tap: result, settled } = await tap();
    await drive(rig.test, settled, 500);
    return result;
  };
  const handOver = async () => redirectFor(rig.deps, await visitor.payment());
  return { ...visitor, tap, start, handOver, sales: () => edge.ecommpay.named('sale') };
}

const broken = reset as unknown as EcommpayAnswer;
const accept: EcommpayAnswer = (call, fake) => fake.well(call);
const unreachable = notConnected as unknown as EcommpayAnswer;
const silent: EcommpayAnswer = (call) => (hang as unknown as EcommpayAnswer)(call, edge.ecommpay);
describe('a tap on Pay', () => {
  test('records the sale before it sends it; accepted, the customer waits for where to go', async () => {
    let recorded: string[] = [];
    const { start, payment, handOver, sales, order, shows } = await shopper(async (call, fake) => {
      recorded = await history(rig.deps, call.paymentId);
      return fake.well(call);
    });
    expect(await start()).toEqual({ kind: 'following' });
    expect(recorded).toEqual(['sale_attempt 1']);
    const paid = await payment();
    expect(paid).toMatchObject({ rail: 'ecommpay', state: 'executing', provider_id: paid.id });
    expect(sales()[0]?.body).toMatchObject({
      payment: { amount: AMOUNT, currency: 'PHP' },
      customer: { email: 'maria@example.ph', ip_address: '203.0.113.7' },
    });
    expect(await handOver()).toEqual({ kind: 'wait' });
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: paid.id, version: 2 });
    expect(await shows()).toEqual(['executing', false]);
    expect(await nextLookInMs(rig.deps, paid.id)).toBeGreaterThan(29 * MINUTE);
    expect(rig.logText()).not.toMatch(/maria|203\.0\.113/);
  });

  test('E1: a callback may come before the answer to the sale', async () => {
    const { start, handOver, shows } = await shopper(async (call, fake) => {
      expect(
        await deliver(
          rig.deps,
          signedMessage(call.paymentId, {
            status: 'awaiting redirect result',
            amount: AMOUNT,
            redirect: { url: 'https://pay.example/1' },
          }),
        ),
      ).toBe(200);
      return fake.well(call);
    });
    await start();
    expect(await handOver()).toMatchObject({ kind: 'go' });
    expect(await shows()).toEqual(['executing', false]);
  });

  test('C41: 50 taps at once, and from two processes, are one sale', async () => {
    const { tap, order, sales } = await shopper();
    const other = await makeEcommpayRig(() => edge, { test: rig.test });
    const taps = await Promise.all(
      Array.from({ length: 50 }, (_, number) => tap(number % 2 ? rig.deps : other.deps)),
    );
    expect(new Set(taps.map((one) => one.tap.kind))).toEqual(new Set(['following']));
    await drive(rig.test, Promise.all(taps.map(({ settled }) => settled)));
    expect(sales()).toHaveLength(1);
    expect(await paymentsOf(rig.deps, order.id)).toHaveLength(1);
  });

  test.each([
    ['amount', [{ itemId: 'x', name: 'X', unitCentavos: 1_999, quantity: 1 }], {}],
    ['email', undefined, { email: 'a;b@example.ph' }],
  ])('is refused for its %s, and nothing is sent', async (reason, lines, changes) => {
    const { buyer, order } = await makeVisitor(rig, lines);
    const { tap } = await startGatePayment(rig.deps, { ...buyer, ...changes }, order, order.version);
    expect(tap).toEqual({ kind: 'refused', reason });
    expect(edge.ecommpay.calls).toEqual([]);
    expect(await paymentsOf(rig.deps, order.id)).toEqual([]);
  });

  test.each([
    ['100', []],
    ['2442', ['ecommpay_configuration']],
  ])('refused by ECommPay with %s: nothing was charged, and it can be paid again', async (code, raised) => {
    const { start, payment, shows } = await shopper(refusedWith(code));
    await start();
    const failed = await payment();
    expect(failed).toMatchObject({ state: 'failed', reason: code });
    expect(await alarms(rig.deps, failed.id)).toEqual(raised);
    expect(await shows()).toEqual(['failed', true]);
  });

  test('never connected: tried again while the tap lasts, then nothing was charged', async () => {
    const { start, payment, shows, sales } = await shopper(unreachable, unreachable, unreachable);
    await start();
    expect(sales()).toHaveLength(3);
    expect(await payment()).toMatchObject({ state: 'failed', reason: 'not_connected' });
    expect(await shows()).toEqual(['failed', true]);
  });

  test('never connected at first: the same sale goes out', async () => {
    const { start, payment, sales } = await shopper(unreachable);
    await start();
    expect(sales().map(({ raw }) => raw)).toEqual([sales()[0]?.raw, sales()[0]?.raw]);
    expect((await payment()).state).toBe('executing');
  });
});

describe('E13: the answer to the sale is lost', () => {
  test('its status is asked for, never a second id; it had arrived', async () => {
    const { start, payment, sales } = await shopper((call, fake) => {
      fake.well(call);
      return broken(call, fake);
    });
    await start();
    expect(sales()).toHaveLength(1);
    expect(edge.ecommpay.named('status').length).toBeGreaterThanOrEqual(1);
    expect(await payment()).toMatchObject({ state: 'executing' });
    edge.ecommpay.tell((await payment()).id, { status: 'success', amount: AMOUNT });
    await pass(rig, (await payment()).id, 10 * MINUTE);
    expect((await payment()).state).toBe('approved');
  });

  test('still not found after ten minutes: sent again under the same id with the same body', async () => {
    const { start, payment, sales } = await shopper(broken);
    await start();
    const { id } = await payment();
    expect((await payment()).state).toBe('creating');
    await pass(rig, id, 9 * MINUTE);
    expect(sales()).toHaveLength(1);
    await pass(rig, id, 2 * MINUTE);
    expect(sales().map(({ raw }) => raw)).toEqual([sales()[0]?.raw, sales()[0]?.raw]);
    expect(await payment()).toMatchObject({ id, state: 'executing' });
    expect(await history(rig.deps, id)).toEqual([
      'sale_attempt 1',
      'sale_answer 1',
      'status_not_found',
      'sale_attempt 2',
      'sale_answer 2',
    ]);
  });

  test('3041 then means that the first had arrived: its status is asked for', async () => {
    const { start, payment } = await shopper(silent, refusedWith('3041'));
    await start();
    const { id } = await payment();
    await pass(rig, id, 11 * MINUTE);
    expect((await payment()).state).toBe('executing');
    edge.ecommpay.tell(id, { status: 'success', amount: AMOUNT });
    await pass(rig, id, 5 * MINUTE);
    expect(await payment()).toMatchObject({ state: 'approved' });
  });

  test('a refusal of the second does not decide about the first', async () => {
    const { start, payment } = await shopper(broken, refusedWith('2442'));
    await start();
    const { id } = await payment();
    await pass(rig, id, 11 * MINUTE);
    expect((await payment()).state).toBe('creating');
    edge.ecommpay.tell(id, { status: 'success', amount: AMOUNT });
    await pass(rig, id, 5 * MINUTE);
    expect((await payment()).state).toBe('approved');
  });

  test.each<[string, (id: string) => Promise<unknown>]>([
    [
      'a callback spoke of it',
      (id) => deliver(rig.deps, signedMessage(id, { status: 'processing', amount: AMOUNT })),
    ],
    [
      'a callback said where to go',
      (id) =>
        deliver(
          rig.deps,
          signedMessage(id, {
            status: 'awaiting redirect result',
            amount: AMOUNT,
            redirect: { url: 'https://pay.example/1' },
          }),
        ),
    ],
    [
      'its answer was recorded after all',
      (id) =>
        rig.deps.store.transaction(async (tx) => {
          const locked = await lockPayment(tx, id);
          if (!locked) throw new Error('gone');
          // What a process that had been asleep brings.
          await tx
            .deleteFrom('payment_events')
            .where('payment_id', '=', id)
            .where('kind', '=', 'sale_answer')
            .execute();
          const events = locked.events.filter(({ fact }) => fact.kind !== 'sale_answer');
          await append(tx, rig.deps, { ...locked, events }, [
            { kind: 'sale_answer', attempt: 1, outcome: { kind: 'accepted', requestId: 'r' } },
          ]);
        }),
    ],
  ])('is not sent again where %s, not even while the question was on its way', async (_name, comes) => {
    const { start, payment, sales } = await shopper(broken);
    await start();
    const { id } = await payment();
    await pass(rig, id, 9 * MINUTE);
    await rig.test.advance(2 * MINUTE);
    // ECommPay's status lags behind what it has told already.
    edge.ecommpay.script.status.push(async () => {
      await comes(id);
      return refusedWith('3061', 404)({} as never, edge.ecommpay);
    });
    await drive(rig.test, settleOnce(rig.deps, id, { ignoreDue: true }), 10);
    expect((await payment()).state).toBe('executing');
    edge.ecommpay.script.status.push(...Array(3).fill(refusedWith('3061', 404)));
    await pass(rig, id, 12 * MINUTE);
    expect(sales()).toHaveLength(1);
  });

  test('never found: the claim is released a base time after the last was sent', async () => {
    const lost: EcommpayAnswer = (call, fake) => broken(call, fake);
    const { start, payment, sales, order } = await shopper(lost, lost, lost, lost);
    await start();
    const { id } = await payment();
    await pass(rig, id, 49 * MINUTE);
    expect(sales()).toHaveLength(3);
    expect((await payment()).state).toBe('creating');
    await pass(rig, id, 10 * MINUTE);
    expect(await payment()).toMatchObject({ state: 'failed', reason: 'not_registered' });
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: null });
    expect(sales()).toHaveLength(3);
  });

  test('not before: the base time begins when the request had surely left, not when it was recorded', async () => {
    const lateToFail: EcommpayAnswer = (call) => silent(call, edge.ecommpay);
    const { start, payment } = await shopper(lateToFail, lateToFail, lateToFail);
    await start();
    const { id } = await payment();
    await pass(rig, id, 11 * MINUTE);
    const events = await loadEvents(rig.deps.store.db, id);
    const ended = events.findLast(({ fact }) => fact.kind === 'sale_answer')?.recordedAtMs ?? 0;
    const sent = events.findLast(({ fact }) => fact.kind === 'sale_attempt')?.recordedAtMs ?? 0;
    expect(ended).toBeGreaterThan(sent + 20_000);
    expect(releaseAtMs(events)).toBe(ended + 30 * MINUTE);
  });

  test.each([
    ['taken', accept],
    ['perhaps lost', broken],
  ])(
    'a person does not decide while the customer may be in the wallet: the sale was %s',
    async (_name, answer) => {
      const { start, payment } = await shopper(answer);
      await start();
      const { id, version, opened_at: openedAt } = await payment();
      const staff = { ...rig.deps, executeTimeoutMs: 60_000 };
      const ana = { actor: 'ana', evidence: 'Dashboard' };
      expect(await decide(staff, id, 'not_charged', version, ana)).toBe('too_early');
      await rig.test.advance(24 * 60 * MINUTE);
      expect(await decide(staff, id, 'not_charged', version, ana)).toBe('too_early');
      const from = mayDecideFromMs(await loadEvents(rig.deps.store.db, id), 60_000, 'not_charged');
      expect(from).toBeGreaterThanOrEqual(openedAt + 25 * 60 * MINUTE);
      await rig.test.advance(from - rig.test.clock.now());
      expect(await decide(staff, id, 'not_charged', version, ana)).toMatchObject({ state: 'failed' });
    },
  );

  test('accepted, and never heard of again: asked for after the base time', async () => {
    const { start, payment } = await shopper();
    await start();
    const { id } = await payment();
    edge.ecommpay.known.delete(id);
    await pass(rig, id, 29 * MINUTE);
    expect((await payment()).state).toBe('executing');
    await pass(rig, id, 3 * MINUTE);
    expect(await payment()).toMatchObject({ state: 'failed', reason: 'not_registered' });
  });
});

describe('C14: a Gate sale is never interrupted', () => {
  test.each<[string, string, boolean]>([
    ['before it was sent', 'sale.recorded', false],
    ['after it was sent', 'sale.answered', true],
  ])('killed %s: the next process asks for its status', async (_name, point, arrived) => {
    const { tap, payment } = await shopper();
    const dead = {
      ...rig.deps,
      reach: (passed: string) => (passed === point ? new Promise<void>(() => {}) : undefined),
    };
    void tap(dead);
    await expect.poll(async () => (await payment().catch(() => null))?.state).toBe('creating');
    if (arrived) await expect.poll(() => edge.ecommpay.named('sale').length).toBe(1);
    const { id } = await payment();
    await rig.deps.store.db
      .updateTable('payments')
      .set({ lease_until: 0, lease_by: 'dead' })
      .where('id', '=', id)
      .execute();
    await settleOnce(rig.deps, id, { ignoreDue: true });
    expect((await payment()).state).toBe(arrived ? 'executing' : 'creating');
    expect(edge.ecommpay.named('sale')).toHaveLength(arrived ? 1 : 0);
  });
});

test('C16: killed after it found no connection: nothing was sent, and `pay_by` ends it', async () => {
  const { tap, payment, sales } = await shopper(unreachable);
  const dead = {
    ...rig.deps,
    reach: (passed: string) => (passed === 'sale.saved' ? new Promise<void>(() => {}) : undefined),
  };
  void tap(dead);
  await expect.poll(() => sales().length).toBe(1);
  const { id } = await payment();
  await expect.poll(() => history(rig.deps, id)).toEqual(['sale_attempt 1', 'sale_answer 1']);
  await rig.deps.store.db
    .updateTable('payments')
    .set({ lease_until: 0, lease_by: 'dead' })
    .where('id', '=', id)
    .execute();
  await pass(rig, id, 2 * MINUTE);
  expect(await payment()).toMatchObject({ state: 'failed', reason: 'not_connected' });
  expect(sales()).toHaveLength(1);
});
