import { nowMs } from '#lib/db/store.ts';
import { findOrderById, type Order, type OrderLine, type Owner } from '#lib/orders/order.ts';
import { placeOrder } from '#lib/orders/place-order.ts';
import { orderStatus } from '#lib/payments/order-status.ts';
import { settleOnce } from '#lib/payments/settle.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import { drive } from './drive.ts';
import { ECOMMPAY, FakeEcommpay } from './fake-ecommpay.ts';
import { FakeMaya } from './fake-maya.ts';
import { onlyPayment } from './payments.ts';
import { makeRig, type Rig, SAMPLE_LINES } from './rig.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** What the sample order comes to. */
export const AMOUNT = 149_950;

/** Both providers at the network's edge, replaced by a test before each of its cases. */
export type Edge = { maya: FakeMaya; ecommpay: FakeEcommpay };

export const freshEdge = (): Edge => ({ maya: new FakeMaya(), ecommpay: new FakeEcommpay() });

/** A process with the rail on. `edge` is looked up at each call. */
export function makeEcommpayRig(
  edge: () => Edge,
  options: { settings?: Record<string, string>; test?: Rig['test'] } = {},
): Promise<Rig> {
  return makeRig((url, init) => edge().ecommpay.beside(edge().maya.fetch)(url, init), {
    ...options,
    settings: { ...ECOMMPAY, ...options.settings },
  });
}

export async function freshOrder(deps: Runtime, id: string): Promise<Order> {
  const order = await findOrderById(deps.store.db, id);
  if (!order) throw new Error('the order is gone');
  return order;
}

let carts = 1_000_000;

/** Somebody outside the Maya app, with an order of ₱1,499.50. */
export async function makeVisitor(rig: Rig, lines: OrderLine[] = SAMPLE_LINES) {
  const { deps } = rig;
  const owner: Owner = { row: deps.ids.key(), customerId: null };
  carts += 1;
  const order = await freshOrder(deps, await placeOrder(deps, owner, carts, lines));
  const buyer = {
    owner,
    email: 'maria@example.ph',
    language: 'en',
    ipAddress: '203.0.113.7',
    returnUrl: `http://localhost:3000/orders/${order.id}`,
  };
  return {
    owner,
    order,
    buyer,
    fresh: () => freshOrder(deps, order.id),
    payment: () => onlyPayment(deps, order.id),
    shows: async () => {
      const { state, payable } = await orderStatus(
        deps.store.db,
        await freshOrder(deps, order.id),
        deps.clock.now(),
      );
      return [state, payable];
    },
  };
}

/** How far away the next look at a payment is, by the store's clock; `null` where nobody asks any more. */
export async function nextLookInMs(deps: Runtime, paymentId: string): Promise<number | null> {
  const { asking, at, now } = await deps.store.db
    .selectFrom('payments')
    .select(['asking', 'next_ask_at as at', nowMs.as('now')])
    .where('id', '=', paymentId)
    .executeTakeFirstOrThrow();
  return asking === 'no' ? null : at - now;
}

/** Lets time pass, and lets the payment be looked after whenever it is due. */
export async function pass(rig: Rig, paymentId: string, ms: number): Promise<void> {
  for (let left = ms; left > 0; ) {
    const next = await nextLookInMs(rig.deps, paymentId);
    const step = next === null ? left : Math.min(left, Math.max(next, 1_000));
    await rig.test.advance(step);
    left -= step;
    await drive(rig.test, settleOnce(rig.deps, paymentId, { ignoreDue: false }), 10);
  }
}
