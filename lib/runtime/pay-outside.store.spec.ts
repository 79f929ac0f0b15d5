import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Edge, freshEdge, makeEcommpayRig, makeVisitor } from '#e2e/rig/ecommpay-shopper.ts';
import { paymentsOf } from '#e2e/rig/payments.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { readVisitor, writeVisitor } from '../customer-session/visitor.ts';
import { orderKey } from '../orders/order-key.ts';
import { payOutsideMaya } from './pay-outside.ts';

let edge: Edge;
let rig: Rig;
/** What this request's answer sets. */
let remembered: string | null;
beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
  remembered = null;
});

/** Somebody's order, and the form of its page by the private link. */
async function linked() {
  const { order } = await makeVisitor(rig);
  const key = orderKey(rig.deps.orderKeys, order.id);
  return { order, form: { orderId: order.id, version: order.version, email: 'ana@example.com', key } };
}

const tap = (
  form: Awaited<ReturnType<typeof linked>>['form'],
  visitor: { row: string; customerId: null } | null,
) =>
  payOutsideMaya({ deps: rig.deps, session: null, visitor }, form, {
    headers: new Headers(),
    locale: async () => 'en',
    remember: async () => {
      remembered = writeVisitor(rig.deps.visitorKeys, rig.deps.ids.key());
    },
  });

test('C8: a tap that comes without a cookie opens nothing; the next one is known', async () => {
  const { order, form } = await linked();
  expect((await tap(form, null)).to).toBe(`/orders/${order.id}?key=${form.key}&notice=cookies`);
  expect(await paymentsOf(rig.deps, order.id)).toEqual([]);
  const visitor = readVisitor(rig.deps.visitorKeys, remembered ?? undefined);
  expect(visitor).not.toBeNull();
  expect((await tap(form, visitor)).to).toBe(`/handover/${order.id}?key=${form.key}`);
  expect(await paymentsOf(rig.deps, order.id)).toMatchObject([{ session_id: visitor?.row }]);
});

test('a browser that is known keeps its cookie', async () => {
  const { form } = await linked();
  await tap(form, { row: rig.deps.ids.key(), customerId: null });
  expect(remembered).toBeNull();
});
