import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import {
  AMOUNT,
  type Edge,
  freshEdge,
  MINUTE,
  makeEcommpayRig,
  makeVisitor,
} from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, SECRET } from '#e2e/rig/fake-ecommpay.ts';
import { history, orderRow, outboxKinds, paymentsOf } from '#e2e/rig/payments.ts';
import { makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { verify } from '../../ecommpay/signature.ts';
import { cancelOrder } from '../../orders/close-order.ts';
import { pay } from '../pay.ts';
import { findSale, wipeSettledSales } from './sale-row.ts';
import { pageOffer, startPagePayment } from './start-page.ts';

let edge: Edge;
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

async function shopper() {
  const visitor = await makeVisitor(rig);
  const { buyer, order } = visitor;
  return { ...visitor, start: () => startPagePayment(rig.deps, buyer, order, order.version) };
}

const addressOf = (start: { kind: string; address?: string }) => new URL(start.address ?? 'http://none');

describe('a tap on Pay', () => {
  test('hands out a signed address, which is the send: it is on record before', async () => {
    const { order, buyer, start, payment, shows } = await shopper();
    const address = addressOf(await start());
    const paid = await payment();
    expect(address.searchParams.get('payment_id')).toBe(paid.id);
    expect(address.searchParams.get('payment_amount')).toBe(String(AMOUNT));
    expect(address.searchParams.get('customer_email')).toBe(buyer.email);
    expect(address.searchParams.get('merchant_callback_url')).toBe(
      'http://localhost:3000/api/ecommpay/callback',
    );
    expect(verify(Object.fromEntries(address.searchParams), SECRET)).toBe(true);
    expect(paid).toMatchObject({ rail: 'ecommpay', state: 'executing', provider_id: paid.id });
    expect(await history(rig.deps, paid.id)).toEqual(['page_handed 1']);
    expect(await orderRow(rig.deps, order.id)).toMatchObject({ claim: paid.id, paid_by: null, version: 2 });
    expect(await shows()).toEqual(['executing', false]);
    expect(edge.ecommpay.calls).toEqual([]);
    expect(rig.logText()).not.toMatch(/maria|@|signature/);
  });

  test('the customer is the same for every payment, and nobody can read who it is', async () => {
    const { buyer, order, start } = await shopper();
    const first = addressOf(await start()).searchParams.get('customer_id') ?? '';
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(buyer.owner.row.replaceAll('-', '')).not.toContain(first);
    const other = await shopper();
    expect(addressOf(await other.start()).searchParams.get('customer_id')).not.toBe(first);
    const again = await startPagePayment(rig.deps, buyer, order, order.version);
    expect(addressOf(again).searchParams.get('customer_id')).toBe(first);
  });

  test('C41: 100 taps at once, and from two processes, are one payment with one address', async () => {
    const { order, buyer } = await shopper();
    const other = await makeEcommpayRig(() => edge, { test: rig.test });
    const taps = await Promise.all(
      Array.from({ length: 100 }, (_, tap) =>
        startPagePayment((tap % 2 ? rig : other).deps, buyer, order, order.version),
      ),
    );
    expect(new Set(taps.map((tap) => addressOf(tap).href)).size).toBe(1);
    expect(await paymentsOf(rig.deps, order.id)).toHaveLength(1);
  });
});

describe('Continue payment', () => {
  test('gives the same payment and address while that lives, whatever version was shown', async () => {
    const { start, fresh, buyer } = await shopper();
    const first = await start();
    await rig.test.advance(29 * MINUTE);
    expect(await start()).toEqual(first);
    const order = await fresh();
    expect(await startPagePayment(rig.deps, buyer, order, order.version)).toEqual(first);
  });

  test('is gone with the address; then there is only until when we wait', async () => {
    const { start, payment, shows } = await shopper();
    await start();
    await rig.test.advance(30 * MINUTE);
    expect(await start()).toEqual({ kind: 'following' });
    if (!rig.deps.ecommpay) throw new Error('the rail is off');
    const offer = await pageOffer(rig.deps, rig.deps.ecommpay, (await payment()).id);
    expect(offer).toMatchObject({ usable: false, untilMs: rig.deps.clock.now() });
    expect(await shows()).toEqual(['executing', false]);
  });

  test('shows nobody another customer’s e-mail address', async () => {
    const { start, buyer, fresh } = await shopper();
    await start();
    const linked = { ...buyer, owner: { row: rig.deps.ids.key(), customerId: null } };
    const order = await fresh();
    expect(await startPagePayment(rig.deps, linked, order, order.version)).toEqual({ kind: 'following' });
  });

  test('whoever holds the private link goes on where no e-mail address was given', async () => {
    const { buyer, order, fresh } = await shopper();
    const first = await startPagePayment(rig.deps, { ...buyer, email: undefined }, order, order.version);
    const linked = { ...buyer, email: undefined, owner: { row: rig.deps.ids.key(), customerId: null } };
    const now = await fresh();
    expect(await startPagePayment(rig.deps, linked, now, now.version)).toEqual(first);
  });
});

describe('refused, with nothing recorded', () => {
  const refused = (reason: string) => ({ kind: 'refused', reason });

  test.each([
    [1_999, 'amount'],
    [1_500_001, 'amount'],
  ])('C9: %i centavos, told before the customer leaves', async (unitCentavos, reason) => {
    const { buyer, order } = await makeVisitor(rig, [{ itemId: 'x', name: 'X', unitCentavos, quantity: 1 }]);
    expect(await startPagePayment(rig.deps, buyer, order, order.version)).toEqual(refused(reason));
    expect(await paymentsOf(rig.deps, order.id)).toEqual([]);
  });

  test.each(['nobody', 'a;b@example.ph', 'a:b@example.ph'])('E18: the address %s', async (email) => {
    const { buyer, order } = await shopper();
    expect(await startPagePayment(rig.deps, { ...buyer, email }, order, order.version)).toEqual(
      refused('email'),
    );
    expect(await paymentsOf(rig.deps, order.id)).toEqual([]);
  });

  test('C10: another version than was shown', async () => {
    const { buyer, order } = await shopper();
    expect(await startPagePayment(rig.deps, buyer, order, order.version + 1)).toEqual(
      refused('order_changed'),
    );
  });

  test('an order that was changed or closed since it was read', async () => {
    const cancelled = await shopper();
    await cancelOrder(rig.deps.store.db, cancelled.order.id);
    expect(await cancelled.start()).toEqual(refused('order_closed'));
    const lapsed = await shopper();
    await rig.test.advance(31 * MINUTE);
    expect((await lapsed.start()).kind).toBe('refused');
  });

  test('where the rail is off', async () => {
    const { buyer, order } = await shopper();
    const off = await makeRig(edge.maya.fetch, { test: rig.test });
    expect(await startPagePayment(off.deps, buyer, order, order.version)).toEqual(refused('unavailable'));
  });

  test('C26: a visitor may open five payments in ten minutes', async () => {
    const { buyer, order, start } = await shopper();
    for (let number = 1; number <= 5; number += 1) {
      const next = await makeVisitor(rig);
      await startPagePayment(rig.deps, { ...buyer }, next.order, next.order.version);
    }
    expect(await start()).toEqual(refused('too_many'));
    expect(await paymentsOf(rig.deps, order.id)).toEqual([]);
  });

  test('D1: where the store cannot write', async () => {
    const { buyer, order } = await shopper();
    const broken = {
      ...rig.deps,
      store: { ...rig.deps.store, transaction: () => Promise.reject(new Error('full')) },
    };
    await expect(startPagePayment(broken, buyer, order, order.version)).rejects.toThrow('full');
    expect(await paymentsOf(rig.deps, order.id)).toEqual([]);
  });
});

describe('C30: an order is open on one rail only', () => {
  test('a tap in the Maya app follows the Page payment', async () => {
    const session = await makeSession(rig.deps);
    const visitor = await makeVisitor(rig);
    const buyer = { ...visitor.buyer, owner: session };
    await startPagePayment(rig.deps, buyer, visitor.order, visitor.order.version);
    await rig.deps.store.db
      .updateTable('orders')
      .set({ session_id: session.row })
      .where('id', '=', visitor.order.id)
      .execute();
    const { tap } = await pay(rig.deps, session, visitor.order.id, 2);
    expect(tap).toEqual({ kind: 'following' });
    expect(edge.maya.calls).toEqual([]);
  });

  test('a tap on the Page follows the payment in the Maya app', async () => {
    const session = await makeSession(rig.deps);
    const { order, buyer, fresh } = await makeVisitor(rig);
    await rig.deps.store.db
      .updateTable('orders')
      .set({ session_id: session.row })
      .where('id', '=', order.id)
      .execute();
    edge.maya.script.execute.push((call, fake) => fake.result(call, 'PENDING'));
    const { settled } = await pay(rig.deps, session, order.id, order.version);
    const now = await fresh();
    expect(await startPagePayment(rig.deps, buyer, now, now.version)).toEqual({ kind: 'following' });
    await drive(rig.test, settled);
    expect(await paymentsOf(rig.deps, order.id)).toHaveLength(1);
  });
});

test('once it is settled, nothing personal of it is left', async () => {
  const { start, payment, order } = await shopper();
  await start();
  const { id } = await payment();
  await wipeSettledSales(rig.deps.store.db);
  expect((await findSale(rig.deps.store.db, id))?.request).toContain('maria@example.ph');
  expect(await deliver(rig.deps, edge.ecommpay.tell(id, { status: 'success', amount: AMOUNT }))).toBe(200);
  expect(await outboxKinds(rig.deps, order.id)).toEqual(['order.paid']);
  await wipeSettledSales(rig.deps.store.db);
  expect(await findSale(rig.deps.store.db, id)).toMatchObject({ request: null, redirect: null });
  expect(await start()).toEqual({ kind: 'following' });
});
