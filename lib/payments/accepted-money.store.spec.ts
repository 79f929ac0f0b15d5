import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AMOUNT, type Edge, freshEdge, freshOrder, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { outboxPayloads, paymentsOf } from '#e2e/rig/payments.ts';
import { makeOrder, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { startPagePayment } from './ecommpay/start-page.ts';
import { orderStatus } from './order-status.ts';
import { decide } from './staff.ts';

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

test.each([
  ['another sum', { amount: 1_000 }, 1_000],
  ['another currency', { currency: 'USD' }, null],
  ['no readable sum, which a person found to be right', { amount: '149950' as unknown as number }, AMOUNT],
])(
  'a person accepted %s: the page and the events tell what was paid, never the sum of the order as if that were it',
  async (_name, changes, paidCentavos) => {
    const session = await makeSession(rig.deps, { expiresInMs: 100 * 60_000 });
    const order = await makeOrder(rig.deps, session);
    const buyer = {
      owner: session,
      email: 'maria@example.ph',
      language: 'en',
      returnUrl: 'http://localhost:3000/orders/1',
    };
    await startPagePayment(rig.deps, buyer, order, order.version);
    const statusNow = async () =>
      orderStatus(rig.deps.store.db, await freshOrder(rig.deps, order.id), rig.deps.clock.now());
    const [opened] = await paymentsOf(rig.deps, order.id);
    const id = opened?.id ?? '';
    await deliver(rig.deps, signedMessage(id, { status: 'success', amount: AMOUNT, ...changes }));
    expect(await statusNow()).toMatchObject({ state: 'review', paidCentavos: order.totalCentavos });

    const [looked] = await paymentsOf(rig.deps, order.id);
    const staff = { actor: 'ana', evidence: 'Dashboard: taken, and accepted' };
    const deps = { ...rig.deps, executeTimeoutMs: 60_000 };
    await decide(deps, id, 'charged', looked?.version ?? 0, staff);
    expect(await statusNow()).toMatchObject({ state: 'approved', paidCentavos });

    const [accepted] = await paymentsOf(rig.deps, order.id);
    await decide(deps, id, 'not_charged', accepted?.version ?? 0, staff);
    const told = { amountCentavos: paidCentavos, confirmedBy: 'staff', providerId: id };
    expect(await outboxPayloads(rig.deps, order.id)).toEqual([
      ['order.paid', told],
      ['order.payment_reversed', told],
    ]);
  },
);
