import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import {
  AMOUNT,
  type Edge,
  freshEdge,
  freshOrder,
  makeEcommpayRig,
  makeVisitor,
} from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type Known, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { approved, declined } from '#e2e/rig/fake-maya.ts';
import { paymentsOf } from '#e2e/rig/payments.ts';
import { makeOrder, makeSession, type Rig } from '#e2e/rig/rig.ts';
import type { Order, Owner } from '../orders/order.ts';
import { startPagePayment } from './ecommpay/start-page.ts';
import { pay } from './pay.ts';
import { recordExecuteAnswer } from './record-answer.ts';
import { decide } from './staff.ts';
import { twicePaid } from './twice-paid.ts';

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

const fresh = (order: Order) => freshOrder(rig.deps, order.id);
const twice = async (order: Order) => twicePaid(rig.deps.store.db, await fresh(order));

/** Another payment of this order over ECommPay. @returns its id, and what ECommPay says of it */
async function onThePage(order: Order, owner: Owner) {
  await rig.test.advance(10);
  const { version } = await fresh(order);
  const buyer = { owner, email: 'ana@example.com', language: 'en', returnUrl: 'http://localhost:3000/' };
  await startPagePayment(rig.deps, buyer, await fresh(order), version);
  const { id = '' } = (await paymentsOf(rig.deps, order.id)).at(-1) ?? {};
  const says = (status: string, changes: Partial<Known> = {}) =>
    deliver(rig.deps, signedMessage(id, { status, amount: AMOUNT, ...changes }));
  return { id, says };
}

async function inMaya(order: Order, session: Awaited<ReturnType<typeof makeSession>>): Promise<string> {
  await rig.test.advance(10);
  const { version } = await fresh(order);
  await drive(rig.test, (await pay(rig.deps, session, order.id, version)).settled);
  return (await paymentsOf(rig.deps, order.id)).at(-1)?.id ?? '';
}

/** One payment was declined, and the next one paid. */
async function paidAfterDecline() {
  const { order, owner } = await makeVisitor(rig);
  const first = await onThePage(order, owner);
  await first.says('decline', { code: '20105' });
  const second = await onThePage(order, owner);
  await second.says('success');
  return { order, first, second };
}

describe('C30: an order was paid twice', () => {
  test('a decline that was reversed: the later payment counts, and the other is owed', async () => {
    const { order, first, second } = await paidAfterDecline();
    expect(await twice(order)).toBeNull();
    await first.says('success');
    expect(await twice(order)).toMatchObject({
      counts: { payment: { id: second.id }, amountCentavos: AMOUNT, isCertain: true },
      owed: [{ payment: { id: first.id }, amountCentavos: AMOUNT, isCertain: true }],
    });
  });

  test.each<[string, Partial<Known>, number | null]>([
    ['another sum', { amount: AMOUNT - 1 }, AMOUNT - 1],
    ['another currency', { currency: 'USD' }, null],
  ])('the other one took %s: it is being looked at', async (_name, changes, amountCentavos) => {
    const { order, first } = await paidAfterDecline();
    await first.says('success', changes);
    expect(await twice(order)).toMatchObject({
      owed: [{ payment: { id: first.id, state: 'review' }, amountCentavos, isCertain: false }],
    });
  });

  test('the other one took another sum, and a person decided so: that sum is owed', async () => {
    const { order, first } = await paidAfterDecline();
    await first.says('success', { amount: AMOUNT - 1 });
    const [{ version = 0 } = {}] = await paymentsOf(rig.deps, order.id);
    const staff = { actor: 'ana', evidence: 'Dashboard' };
    await decide({ ...rig.deps, executeTimeoutMs: 60_000 }, first.id, 'charged', version, staff);
    expect(await twice(order)).toMatchObject({
      owed: [{ payment: { id: first.id, state: 'approved' }, amountCentavos: AMOUNT - 1, isCertain: true }],
    });
  });

  test.each<[string, string, Partial<Known>]>([
    ['of another project', 'success', { project: 581 }],
    ['of a payout', 'success', { type: 'payout' }],
    ['that is under way, of another sum', 'processing', { amount: 1 }],
  ])('what is said %s tells of no money', async (_name, status, changes) => {
    const { order, first } = await paidAfterDecline();
    await first.says(status, changes);
    expect(await twice(order)).toBeNull();
  });

  test('inside Maya, and by the private link', async () => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    const outside = await onThePage(order, { row: rig.deps.ids.key(), customerId: null });
    await outside.says('decline', { code: '20105' });
    edge.maya.script.execute.push(approved);
    const id = await inMaya(order, session);
    await outside.says('success');
    expect(await twice(order)).toMatchObject({
      counts: { payment: { id, rail: 'maya' } },
      owed: [{ payment: { id: outside.id, rail: 'ecommpay' } }],
    });
  });

  test.each([
    ['APPROVED', true],
    ['DECLINED', false],
  ] as const)('Maya %s another amount', async (status, isTaken) => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    edge.maya.script.execute.push(declined, approved);
    const [first, second] = [await inMaya(order, session), await inMaya(order, session)];
    await recordExecuteAnswer(rig.deps, first, 2, { kind: 'mismatch', status, fields: ['amount'] });
    const found = await twice(order);
    if (!isTaken) expect(found).toBeNull();
    else
      expect(found).toMatchObject({
        counts: { payment: { id: second } },
        owed: [{ payment: { id: first }, amountCentavos: null, isCertain: false }],
      });
  });

  test('one payment is never two', async () => {
    const { order, owner } = await makeVisitor(rig);
    const only = await onThePage(order, owner);
    await only.says('success', { amount: 1 });
    expect(await twice(order)).toBeNull();
    await only.says('success');
    expect(await twice(order)).toBeNull();
  });
});
