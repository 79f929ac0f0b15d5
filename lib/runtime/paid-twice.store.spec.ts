import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  AMOUNT,
  type Edge,
  freshEdge,
  freshOrder,
  makeEcommpayRig,
  makeVisitor,
} from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { paymentsOf } from '#e2e/rig/payments.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { orderKey } from '../orders/order-key.ts';
import { startPagePayment } from '../payments/ecommpay/start-page.ts';
import { decide, recordReturn } from '../payments/staff.ts';
import { accessOrder } from './order-access.ts';
import { paidTwice } from './paid-twice.ts';

let edge: Edge;
let rig: Rig;
beforeAll(async () => {
  edge = freshEdge();
  rig = await makeEcommpayRig(() => edge);
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());

test('C30: each of two who paid is told whose money is owed, with both references', async () => {
  const { order, owner, buyer } = await makeVisitor(rig);
  const other = { row: rig.deps.ids.key(), customerId: null };
  const paysAs = async (who: typeof other, says: 'success' | 'decline') => {
    await rig.test.advance(10);
    const now = await freshOrder(rig.deps, order.id);
    await startPagePayment(rig.deps, { ...buyer, owner: who }, now, now.version);
    const { id = '' } = (await paymentsOf(rig.deps, order.id)).at(-1) ?? {};
    await deliver(rig.deps, signedMessage(id, { status: says, amount: AMOUNT }));
    return id;
  };
  const first = await paysAs(other, 'decline');
  const second = await paysAs({ ...owner, customerId: null }, 'success');
  const contextOf = (row: string) => ({ deps: rig.deps, session: null, visitor: { row, customerId: null } });
  const accessed = (row: string) =>
    accessOrder(contextOf(row), order.id, orderKey(rig.deps.orderKeys, order.id));
  const toldTo = async (row: string) => {
    const access = await accessed(row);
    return access && paidTwice(contextOf(row), access);
  };
  expect(await toldTo(owner.row)).toBeNull();
  await deliver(rig.deps, signedMessage(first, { status: 'success', amount: AMOUNT }));
  for (const [row, isYours] of [
    [owner.row, false],
    [other.row, true],
  ] as const)
    expect(await toldTo(row)).toMatchObject({
      counts: { reference: second, rail: 'ecommpay', amountCentavos: AMOUNT },
      owed: [{ reference: first, amountCentavos: AMOUNT, isCertain: true, isYours, returnedAtMs: null }],
    });

  const staff = { ...rig.deps, executeTimeoutMs: 60_000 };
  const ana = { actor: 'ana', evidence: 'refund 812' };
  expect(await recordReturn(staff, second, ana)).toBe('nothing_to_return');
  expect(await recordReturn(staff, 'nobody', ana)).toBe('not_found');
  const before = (await accessed(owner.row))?.status.updatedAtMs ?? 0;
  await rig.test.advance(1_000);
  expect(await recordReturn(staff, first, ana)).toBe('recorded');
  expect(await recordReturn(staff, first, ana)).toBe('nothing_to_return');
  expect((await accessed(owner.row))?.status.updatedAtMs).toBeGreaterThan(before);
  expect(await toldTo(other.row)).toMatchObject({
    owed: [{ reference: first, returnedAtMs: rig.test.clock.now() }],
  });
  // What ECommPay says once more of it does not make it owed again.
  await deliver(rig.deps, signedMessage(first, { status: 'success', amount: AMOUNT }));
  expect((await toldTo(other.row))?.owed[0]?.returnedAtMs).not.toBeNull();
});

test('C30: where all that was taken was given back, that is told, and that nothing pays for the order', async () => {
  const { order, owner, buyer } = await makeVisitor(rig);
  const staff = { ...rig.deps, executeTimeoutMs: 60_000 };
  const ana = { actor: 'ana', evidence: 'refund 813' };
  const begin = async () => {
    await rig.test.advance(10);
    const now = await freshOrder(rig.deps, order.id);
    await startPagePayment(rig.deps, buyer, now, now.version);
    return (await paymentsOf(rig.deps, order.id)).at(-1)?.id ?? '';
  };
  const says = (id: string, status: string, operation: number) =>
    deliver(rig.deps, signedMessage(id, { status, amount: AMOUNT - 1, operation }));
  const first = await begin();
  await deliver(rig.deps, signedMessage(first, { status: 'decline', amount: AMOUNT, operation: 1 }));
  const second = await begin();
  await says(first, 'success', 2);
  await says(second, 'success', 2);
  await recordReturn(staff, second, ana);
  const [looked] = await paymentsOf(rig.deps, order.id);
  await decide(staff, first, 'not_charged', looked?.version ?? 0, ana);

  const context = { deps: rig.deps, session: null, visitor: { row: owner.row, customerId: null } };
  const access = await accessOrder(context, order.id, undefined);
  expect(access?.status).toMatchObject({ state: 'failed', payable: true });
  expect(access && (await paidTwice(context, access))).toMatchObject({
    counts: null,
    owed: [{ reference: second, amountCentavos: AMOUNT - 1, isYours: true }],
  });
});
