import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import {
  AMOUNT,
  type Edge,
  freshEdge,
  HOUR,
  MINUTE,
  makeEcommpayRig,
  makeVisitor,
  nextLookInMs,
  pass,
} from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type Known, refusedWith, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { alarms, history, orderRow, outboxKinds } from '#e2e/rig/payments.ts';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { TestClock } from '#e2e/rig/test-clock.ts';
import { cancelOrder } from '../../orders/close-order.ts';
import { follow } from '../follow.ts';
import { settleOnce } from '../settle.ts';
import { decide } from '../staff.ts';
import { nudgeAfterReturn } from './after-return.ts';
import { startPagePayment } from './start-page.ts';

let edge: Edge;
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

/** A customer who is on the Payment Page, and confirmed the form where `known` says what ECommPay knows. */
async function onThePage(known?: Known) {
  const visitor = await makeVisitor(rig);
  await startPagePayment(rig.deps, visitor.buyer, visitor.order, visitor.order.version);
  const { id } = await visitor.payment();
  if (known) edge.ecommpay.known.set(id, known);
  return { ...visitor, id, asked: () => edge.ecommpay.named('status').length };
}

const processing: Known = { status: 'processing', amount: AMOUNT };
const staffDeps = () => ({ ...rig.deps, executeTimeoutMs: 60_000 });

describe('E10: the callback never comes', () => {
  test('nothing is asked before the base time; then what is true is found out', async () => {
    const { id, asked, shows, order } = await onThePage({ status: 'success', amount: AMOUNT });
    await pass(rig, id, 29 * MINUTE);
    expect(asked()).toBe(0);
    await pass(rig, id, 2 * MINUTE);
    expect(asked()).toBe(1);
    expect(await shows()).toEqual(['approved', false]);
    expect(await outboxKinds(rig.deps, order.id)).toEqual(['order.paid']);
  });

  test.each<[string, Known]>([
    ['an error of another sum', { status: 'error', amount: 1 }],
    ['a payment that came twice', { status: 'processing', amount: AMOUNT, code: '3041' }],
  ])('the answer to our own question brings no other question at once: %s', async (_name, known) => {
    const { id, asked } = await onThePage(known);
    await pass(rig, id, 31 * MINUTE);
    expect(asked()).toBeGreaterThanOrEqual(1);
    expect(asked()).toBeLessThanOrEqual(12);
    expect(await nextLookInMs(rig.deps, id)).toBeGreaterThan(0);
  });

  test('pauses grow to an hour until the automatic decline, which is taken as it comes', async () => {
    const { id, asked, payment } = await onThePage(processing);
    await pass(rig, id, 6 * HOUR);
    expect(asked()).toBeGreaterThanOrEqual(7);
    expect(asked()).toBeLessThanOrEqual(12);
    expect(await nextLookInMs(rig.deps, id)).toBeLessThanOrEqual(HOUR);
    await pass(rig, id, 18 * HOUR);
    expect((await payment()).state).toBe('executing');
    expect(asked()).toBeLessThanOrEqual(32);
    edge.ecommpay.tell(id, { status: 'decline', amount: AMOUNT, code: '20000' });
    await pass(rig, id, HOUR);
    expect(await payment()).toMatchObject({ state: 'declined', reason: '20000' });
  });

  test('after limit time and margin a person has to look; machines go on asking, and a late success counts', async () => {
    const { id, payment, order } = await onThePage(processing);
    await pass(rig, id, 25 * HOUR + 29 * MINUTE);
    expect((await payment()).state).toBe('executing');
    await pass(rig, id, 2 * MINUTE);
    expect(await payment()).toMatchObject({ state: 'review', reason: 'time_cap', asking: 'hourly' });
    expect(await alarms(rig.deps, id)).toEqual(['payment_in_review']);
    edge.ecommpay.tell(id, { status: 'success', amount: AMOUNT });
    await pass(rig, id, 2 * HOUR);
    expect(await payment()).toMatchObject({ state: 'approved', confirmed_by: 'provider' });
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: id });
    expect(await alarms(rig.deps, id)).toEqual([]);
  });

  test.each<[string, () => Response]>([
    ['5xx', () => new Response('<h1>502</h1>', { status: 502 })],
    ['payment data without a signature', () => Response.json({ payment: { id: 'x', status: 'success' } })],
    ['a refusal', () => Response.json({ status: 'error', code: '3261' }, { status: 400 })],
  ])('an answer that tells nothing changes nothing: %s', async (_name, answer) => {
    const { id, payment } = await onThePage(processing);
    edge.ecommpay.script.status.push(answer, answer);
    await pass(rig, id, 46 * MINUTE);
    expect(edge.ecommpay.named('status')).toHaveLength(2);
    expect((await payment()).state).toBe('executing');
    expect(await history(rig.deps, id)).toEqual(['page_handed 1']);
    edge.ecommpay.tell(id, { status: 'success', amount: AMOUNT });
    await pass(rig, id, HOUR);
    expect((await payment()).state).toBe('approved');
  });

  test('a rail that was switched off forgets nothing', async () => {
    const { id, payment } = await onThePage(processing);
    const off = await makeRig(edge.maya.fetch, { test: rig.test });
    await rig.test.advance(31 * MINUTE);
    expect(await settleOnce(off.deps, id, { ignoreDue: false })).toMatchObject({ kind: 'again' });
    expect((await payment()).state).toBe('executing');
  });
});

describe('nobody ever confirmed the form', () => {
  test('the claim is held while the address lives and a base time longer, then released', async () => {
    const { id, order, payment, shows } = await onThePage();
    await pass(rig, id, 59 * MINUTE);
    expect(await payment()).toMatchObject({ state: 'executing' });
    expect(await cancelOrder(rig.deps.store.db, order.id)).toBe(false);
    await pass(rig, id, 2 * MINUTE);
    expect(await payment()).toMatchObject({ state: 'failed', reason: 'not_registered' });
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: null, paid_by: null });
    expect(await shows()).toEqual(['expired', false]);
  });

  test.each([10, -10])(
    'A16: not sooner where the clock of the server that gave the address was %i minutes wrong',
    async (minutes) => {
      const visitor = await makeVisitor(rig);
      const clock = new TestClock(rig.test.clock.now() + minutes * MINUTE);
      const skewed = { ...rig.deps, clock };
      await startPagePayment(skewed, visitor.buyer, visitor.order, visitor.order.version);
      const { id } = await visitor.payment();
      await pass(rig, id, 59 * MINUTE);
      expect(await visitor.payment()).toMatchObject({ state: 'executing' });
      await pass(rig, id, 12 * MINUTE);
      expect(await visitor.payment()).toMatchObject({ state: 'failed', reason: 'not_registered' });
    },
  );

  test('"not found" right away is not the end, however often', async () => {
    const { id, asked, payment } = await onThePage();
    for (let turn = 0; turn < 5; turn += 1) {
      await rig.test.advance(10_000);
      await settleOnce(rig.deps, id, { ignoreDue: true });
    }
    expect(asked()).toBe(5);
    expect((await payment()).state).toBe('executing');
    expect(await history(rig.deps, id)).toEqual(['page_handed 1', 'status_not_found']);
  });

  test('C30: a success after the release is taken and told: a cancelled order, and one that was paid meanwhile', async () => {
    const first = await onThePage();
    await pass(rig, first.id, 61 * MINUTE);
    await deliver(rig.deps, signedMessage(first.id, { status: 'success', amount: AMOUNT }));
    expect(await orderRow(rig.deps, first.order.id)).toMatchObject({ paid_by: first.id });
    expect(await alarms(rig.deps, first.id)).toEqual(['contradiction']);
    expect(await alarms(rig.deps, first.order.id)).toEqual([]);
  });
});

describe('C30: a late second success', () => {
  test('is stored, told to the customer, alarmed and made a task', async () => {
    const { id, order, buyer, fresh } = await onThePage();
    await deliver(rig.deps, signedMessage(id, { status: 'decline', amount: AMOUNT }));
    const again = await fresh();
    await rig.test.advance(1_000);
    await startPagePayment(rig.deps, buyer, again, again.version);
    const second = (await orderRow(rig.deps, order.id)).claim ?? '';
    expect(second).not.toBe(id);
    await deliver(rig.deps, signedMessage(second, { status: 'success', amount: AMOUNT }));
    await deliver(rig.deps, signedMessage(id, { status: 'success', amount: AMOUNT, operation: 592 }));
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: second, claim: second });
    expect(await alarms(rig.deps, id)).toEqual(['contradiction', 'duplicate_paid']);
    const db = rig.deps.store.db;
    const task = await db.selectFrom('tasks').selectAll().where('payment_id', '=', id).executeTakeFirst();
    expect(task).toMatchObject({ kind: 'return_duplicate', closed_at: null });
    const late = await db.selectFrom('payments').selectAll().where('id', '=', id).executeTakeFirst();
    expect(late).toMatchObject({ state: 'approved', duplicate_paid: 1 });
    expect(await outboxKinds(rig.deps, order.id)).toEqual(['order.paid']);
  });
});

describe('E11: the customer comes back first', () => {
  test('that proves nothing, but we ask at once, and then in growing pauses', async () => {
    const { id, asked, shows } = await onThePage(processing);
    await rig.test.advance(3 * MINUTE);
    await nudgeAfterReturn(rig.deps, id);
    await drive(rig.test, follow(rig.deps, id), 100);
    const soon = asked();
    expect(soon).toBeGreaterThanOrEqual(3);
    expect(await shows()).toEqual(['executing', false]);
    edge.ecommpay.tell(id, { status: 'success', amount: AMOUNT });
    await pass(rig, id, 5 * MINUTE);
    expect(await shows()).toEqual(['approved', false]);
    expect(asked() - soon).toBeLessThanOrEqual(2);
  });

  test('reloading that page does not make us ask at every reload', async () => {
    const { id, asked } = await onThePage(processing);
    await rig.test.advance(MINUTE);
    for (let reload = 0; reload < 20; reload += 1) await nudgeAfterReturn(rig.deps, id);
    await drive(rig.test, follow(rig.deps, id, { ignoreDue: true }), 4_000);
    expect(asked()).toBeLessThanOrEqual(6);
  });

  test('a return of nobody’s payment is nothing', async () => {
    await nudgeAfterReturn(rig.deps, '00000000-0000-7000-8000-000000000000');
    expect(edge.ecommpay.calls).toEqual([]);
  });
});

test('an error by callback is asked about, and believed when ECommPay answers the same', async () => {
  const { id, payment } = await onThePage();
  await rig.test.advance(MINUTE);
  const body = edge.ecommpay.tell(id, { status: 'error', amount: AMOUNT });
  expect(await deliver(rig.deps, body)).toBe(200);
  await drive(rig.test, follow(rig.deps, id), 100);
  expect(await payment()).toMatchObject({ state: 'failed', reason: 'error' });
});

test('E6: a status answer of another sum never pays', async () => {
  const { id, payment, order } = await onThePage({ status: 'success', amount: 1 });
  await pass(rig, id, 31 * MINUTE);
  expect(await payment()).toMatchObject({ state: 'review', reason: 'money_differs' });
  expect(await orderRow(rig.deps, order.id)).toMatchObject({ paid_by: null, claim: id });
});

describe('a person decides', () => {
  const staff = { actor: 'ana', evidence: 'ECommPay Dashboard' };

  const LIMIT = 25 * HOUR;

  test.each([
    ['the address is still out', 29 * MINUTE],
    ['the form may have been confirmed in its last moment', 31 * MINUTE],
    ['ECommPay may still be working on it', 30 * MINUTE + LIMIT - MINUTE],
  ])('not while the customer may be paying: %s', async (_name, ms) => {
    const { id, payment, order } = await onThePage();
    const { version } = await payment();
    await rig.test.advance(ms);
    for (const decision of ['charged', 'not_charged'] as const)
      expect(await decide(staffDeps(), id, decision, version, staff)).toBe('too_early');
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: id });
    await rig.test.advance(30 * MINUTE + LIMIT - ms);
    expect(await decide(staffDeps(), id, 'not_charged', version, staff)).toMatchObject({ state: 'failed' });
  });

  test('at once where ECommPay told of an end, and only its sum is in doubt', async () => {
    const { id, payment } = await onThePage();
    await deliver(rig.deps, signedMessage(id, { status: 'success', amount: 1 }));
    const { version } = await payment();
    expect(await decide(staffDeps(), id, 'charged', version, staff)).toMatchObject({ state: 'approved' });
  });

  test('what ECommPay says afterwards still counts', async () => {
    const { id, payment, order } = await onThePage();
    await rig.test.advance(30 * MINUTE + LIMIT);
    await decide(staffDeps(), id, 'not_charged', (await payment()).version, staff);
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: null });
    await deliver(rig.deps, signedMessage(id, { status: 'success', amount: AMOUNT }));
    expect(await payment()).toMatchObject({ state: 'approved' });
    expect(await alarms(rig.deps, id)).toContain('contradiction');
  });
});

test('status requests that are refused are for staff to mend', async () => {
  const { id } = await onThePage();
  edge.ecommpay.script.status.push(refusedWith('2442'));
  await pass(rig, id, 31 * MINUTE);
  expect(await alarms(rig.deps, 'status')).toEqual(['ecommpay_configuration']);
});
