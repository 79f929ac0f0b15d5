import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { approved, declined, FakeMaya, held, reset } from '#e2e/rig/fake-maya.ts';
import { alarms, onlyPayment, orderRow, outboxKinds, paymentsOf } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { cancelOrder } from '../orders/close-order.ts';
import { findOrder } from '../orders/order.ts';
import { relayOutbox } from '../orders/outbox.ts';
import { findPickupCode } from '../shop/fulfilment.ts';
import { orderStatus } from './order-status.ts';
import { pay } from './pay.ts';
import { findPayment } from './payment.ts';
import { recordExecuteAnswer } from './record-answer.ts';
import { settleOnce } from './settle.ts';
import { decide, recordReturn } from './staff.ts';

let maya: FakeMaya;
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
  // Events are relayed where a test says so.
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

const staffDeps = () => ({ ...rig.deps, executeTimeoutMs: rig.deps.maya.settings.executeTimeoutMs });

/** An order with two payments: the first declined, the second as its answer says. */
async function paidTwice() {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  maya.script.execute.push(declined, approved);
  await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
  const { version } = await orderRow(rig.deps, order.id);
  await rig.test.advance(10);
  await drive(rig.test, (await pay(rig.deps, session, order.id, version)).settled);
  const [first, second] = await paymentsOf(rig.deps, order.id);
  if (!first || !second) throw new Error('two payments were wanted');
  const status = async () => {
    const now = await findOrder(rig.deps.store.db, order.id, { row: session.row, customerId: null });
    if (!now) throw new Error('gone');
    return orderStatus(rig.deps.store.db, now, rig.deps.clock.now());
  };
  return { session, order, first: first.id, second: second.id, status };
}

/** Maya reverses what it said of a payment: its answer to a second execute comes late. */
async function comesThroughAfterAll(paymentId: string): Promise<void> {
  await recordExecuteAnswer(rig.deps, paymentId, 2, { kind: 'approved', missing: [] });
}

/** Only staff or a later fact ends an approval; here the provider's answer was PY0010, and staff knows better. */
async function isReversed(paymentId: string) {
  await rig.deps.store.db
    .updateTable('payment_events')
    .set({
      data: JSON.stringify({
        attempt: 1,
        outcome: { kind: 'already_processed' },
        py0010: { setting: 'approved', concluded: 'approved' },
      }),
    })
    .where('payment_id', '=', paymentId)
    .where('kind', '=', 'execute_answer')
    .execute();
  const payment = await findPayment(rig.deps.store.db, paymentId);
  return decide(staffDeps(), paymentId, 'not_charged', payment?.version ?? 0, {
    actor: 'ana',
    evidence: 'Maya Manager shows no debit',
  });
}

describe('C30: a second payment of an order comes through', () => {
  test('is stored, alarmed, made a task and told to the customer; the order is paid once', async () => {
    const { order, first, second, status } = await paidTwice();
    await comesThroughAfterAll(first);
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: second });
    expect(await alarms(rig.deps, first)).toContain('duplicate_paid');
    const task = await rig.deps.store.db
      .selectFrom('tasks')
      .selectAll()
      .where('payment_id', '=', first)
      .executeTakeFirst();
    expect(task).toMatchObject({ kind: 'return_duplicate', closed_at: null });
    expect(await outboxKinds(rig.deps, order.id)).toEqual(['order.paid']);
    expect(await status()).toMatchObject({ state: 'approved', duplicate: { id: first } });
  });

  test('where the one that paid is reversed, the duplicate pays the order, and everybody is told', async () => {
    const { order, first, second, status } = await paidTwice();
    await comesThroughAfterAll(first);
    const reversed = await isReversed(second);
    expect(reversed).toMatchObject({ state: 'failed' });
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: first });
    expect(await outboxKinds(rig.deps, order.id)).toEqual([
      'order.paid',
      'order.payment_reversed',
      'order.paid',
    ]);
    expect(await status()).toMatchObject({ state: 'approved', duplicate: null });
    const task = await rig.deps.store.db
      .selectFrom('tasks')
      .selectAll()
      .where('payment_id', '=', first)
      .executeTakeFirst();
    expect(task?.closed_at).not.toBeNull();
  });

  test('where the one that paid is reversed, one that was given back before pays for nothing, and bars nothing', async () => {
    const { session, order, first, second, status } = await paidTwice();
    await comesThroughAfterAll(first);
    const ana = { actor: 'ana', evidence: 'refund 812' };
    expect(await recordReturn(staffDeps(), first, ana)).toBe('recorded');
    expect(await isReversed(second)).toMatchObject({ state: 'failed' });
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: null });
    expect(await outboxKinds(rig.deps, order.id)).toEqual(['order.paid', 'order.payment_reversed']);
    expect(await status()).toMatchObject({ state: 'failed', payable: true });
    // Also where its answer is lost, and it is repeated.
    maya.script.execute.push(reset, approved);
    await rig.test.advance(10);
    const { version } = await orderRow(rig.deps, order.id);
    await drive(rig.test, (await pay(rig.deps, session, order.id, version)).settled);
    const third = (await paymentsOf(rig.deps, order.id))[2];
    expect(third).toMatchObject({ state: 'approved' });
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: third?.id });
  });
});

test('a payment that comes through after its order was cancelled is paid, with an alarm', async () => {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  maya.script.execute.push(declined);
  await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
  expect(await cancelOrder(rig.deps.store.db, order.id)).toBe(true);
  await comesThroughAfterAll((await onlyPayment(rig.deps, order.id)).id);
  expect(await orderRow(rig.deps, order.id)).toMatchObject({
    state: 'cancelled',
    paid_by: expect.any(String),
  });
  expect(await alarms(rig.deps, order.id)).toEqual(['paid_after_close']);
});

test('the second payment is not executed where the first came through meanwhile', async () => {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  maya.script.execute.push(declined);
  await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
  const first = await onlyPayment(rig.deps, order.id);
  const create = held((call) => maya.well(call));
  maya.script.create.push(create.answer);
  await rig.test.advance(10);
  const { settled } = await pay(rig.deps, session, order.id, (await orderRow(rig.deps, order.id)).version);
  await create.arrived;
  await comesThroughAfterAll(first.id);
  create.release();
  await drive(rig.test, settled);
  expect((await paymentsOf(rig.deps, order.id)).map(({ state, reason }) => [state, reason])).toEqual([
    ['approved', null],
    ['failed', 'order_taken'],
  ]);
  expect(maya.named('execute')).toHaveLength(1);
});

test('a payment in doubt is not repeated where another one paid, but looked up by a person', async () => {
  const { order, first, second } = await paidTwice();
  // The second is in doubt again: its answer is taken away, as if it had been lost.
  await rig.deps.store.db
    .deleteFrom('payment_events')
    .where('payment_id', '=', second)
    .where('kind', '=', 'execute_answer')
    .execute();
  await rig.deps.store.db
    .updateTable('payments')
    .set({ state: 'executing', asking: 'yes', lease_until: 0, version: 3 })
    .where('id', '=', second)
    .execute();
  await rig.deps.store.db.updateTable('orders').set({ paid_by: first }).where('id', '=', order.id).execute();
  await settleOnce(rig.deps, second, { ignoreDue: true });
  expect((await paymentsOf(rig.deps, order.id))[1]).toMatchObject({
    state: 'review',
    reason: 'other_payment_paid',
  });
  expect(maya.named('execute')).toHaveLength(2);
});

test('C43: one approval is one pick-up, however often the event comes', async () => {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
  await relayOutbox(rig.deps, rig.deps.consume);
  const code = await findPickupCode(rig.deps.store.db, order.id);
  expect(code).toMatch(/^[2-9A-Z]{6}$/);
  await rig.deps.store.db
    .updateTable('outbox')
    .set({ delivered_at: null })
    .where('order_id', '=', order.id)
    .execute();
  await relayOutbox(rig.deps, rig.deps.consume);
  expect(await findPickupCode(rig.deps.store.db, order.id)).toBe(code);
});

describe('what an order shows', () => {
  test('open, then its claim’s payment, then the outcome with Pay again, then the receipt', async () => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    const owner = { row: session.row, customerId: null };
    const shows = async () => {
      const now = await findOrder(rig.deps.store.db, order.id, owner);
      if (!now) throw new Error('gone');
      const { state, payable } = await orderStatus(rig.deps.store.db, now, rig.deps.clock.now());
      return [state, payable];
    };
    expect(await shows()).toEqual(['open', true]);
    const execute = held(declined);
    maya.script.execute.push(execute.answer);
    const { settled } = await pay(rig.deps, session, order.id, order.version);
    await execute.arrived;
    expect(await shows()).toEqual(['executing', false]);
    execute.release();
    await drive(rig.test, settled);
    expect(await shows()).toEqual(['declined', true]);
    await rig.test.advance(31 * 60_000);
    expect(await shows()).toEqual(['expired', false]);
  });

  test('cancelled', async () => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    await cancelOrder(rig.deps.store.db, order.id);
    const now = await findOrder(rig.deps.store.db, order.id, { row: session.row, customerId: null });
    expect(now && (await orderStatus(rig.deps.store.db, now, 0)).state).toBe('cancelled');
  });
});

describe('a person decides', () => {
  /** A payment whose first execute went unanswered. */
  async function inDoubt() {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    maya.script.execute.push(reset, reset, reset, reset, reset, reset, reset);
    await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
    return { order, payment: () => onlyPayment(rig.deps, order.id) };
  }
  const staff = { actor: 'ana', evidence: 'Maya Manager, 21 November' };

  test('charged: the order is paid, audited, and nothing is executed any more', async () => {
    const { order, payment } = await inDoubt();
    const { id, version } = await payment();
    const sent = maya.named('execute').length;
    expect(await decide(staffDeps(), id, 'charged', version, staff)).toMatchObject({ state: 'approved' });
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: id });
    const audit = await rig.deps.store.db.selectFrom('audit').selectAll().where('subject', '=', id).execute();
    expect(audit).toMatchObject([
      { actor: 'ana', action: 'payment.decide charged', evidence: staff.evidence },
    ]);
    expect(await settleOnce(rig.deps, id, { ignoreDue: true })).toEqual({ kind: 'busy' });
    expect(maya.named('execute')).toHaveLength(sent);
  });

  test('not charged: the order can be paid again; not before Maya has surely ended an execute whose answer was lost', async () => {
    const { order, payment } = await inDoubt();
    const { id, version } = await payment();
    expect(await decide(staffDeps(), id, 'not_charged', version, staff)).toBe('execute_on_the_wire');
    await rig.test.advance(33_000);
    await decide(staffDeps(), id, 'not_charged', version, staff);
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: null, paid_by: null });
  });

  test.each<[string, (id: string, version: number) => Promise<unknown>, string]>([
    [
      'facts came after what was looked at',
      (id, version) => decide(staffDeps(), id, 'charged', version - 1, staff),
      'changed',
    ],
    [
      'no such payment',
      () => decide(staffDeps(), '00000000-0000-7000-8000-000000000000', 'charged', 1, staff),
      'not_found',
    ],
  ])('refused: %s', async (_name, attempt, refusal) => {
    const { payment } = await inDoubt();
    const { id, version } = await payment();
    expect(await attempt(id, version)).toBe(refusal);
    expect((await payment()).state).toBe('executing');
  });

  test('refused while an execute is on the wire, or a sender died a moment ago', async () => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    const execute = held(approved);
    maya.script.execute.push(execute.answer);
    const { settled } = await pay(rig.deps, session, order.id, order.version);
    await execute.arrived;
    const { id, version } = await onlyPayment(rig.deps, order.id);
    expect(await decide(staffDeps(), id, 'not_charged', version, staff)).toBe('busy');
    await rig.deps.store.db.updateTable('payments').set({ lease_until: 0 }).where('id', '=', id).execute();
    expect(await decide(staffDeps(), id, 'not_charged', version, staff)).toBe('execute_on_the_wire');
    execute.release();
    await drive(rig.test, settled);
    expect((await onlyPayment(rig.deps, order.id)).state).toBe('approved');
  });
});
