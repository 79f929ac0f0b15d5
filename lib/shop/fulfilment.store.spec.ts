import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { systemIds } from '../base/ids.ts';
import { announce, type OrderEvent, relayOutbox } from '../orders/outbox.ts';
import { findPickupCode, fulfil } from './fulfilment.ts';

let rig: Rig;
let orderId: string;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('fulfilment calls nobody')));
});
afterAll(() => rig.close());
beforeEach(() => {
  orderId = systemIds.key();
});

const PAYLOAD: OrderEvent['payload'] = { amountCentavos: 77_000, confirmedBy: 'provider', providerId: null };

/** The next event of the order, as the outbox gives it. */
async function happens(kind: OrderEvent['kind']): Promise<OrderEvent> {
  await rig.test.advance(1);
  await rig.deps.store.transaction((tx) =>
    announce(tx, rig.deps.ids, [{ kind, orderId, paymentId: 'payment-1', payload: PAYLOAD }]),
  );
  const given: OrderEvent[] = [];
  await relayOutbox(rig.deps, async (events) => void given.push(...events));
  const [event] = given;
  if (!event) throw new Error('nothing was announced');
  return event;
}

const deliver = (event: OrderEvent) => fulfil(rig.deps.store, [event]);
const code = () => findPickupCode(rig.deps.store.db, orderId);
const row = () =>
  rig.deps.store.db.selectFrom('pickups').selectAll().where('order_id', '=', orderId).execute();

test('an order that nobody paid has no code', async () => {
  expect(await code()).toBeNull();
});

test('a paid order gets a code that can be read aloud', async () => {
  await deliver(await happens('order.paid'));
  expect(await code()).toMatch(/^[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{6}$/);
});

test('F4: nobody can work the code out from the order’s number', async () => {
  const event = await happens('order.paid');
  await deliver(event);
  const first = await code();
  await rig.deps.store.db.deleteFrom('pickups').where('order_id', '=', orderId).execute();
  await deliver(event);
  expect(await code()).not.toBe(first);
});

test('C43: the same event again, also many at once, changes nothing', async () => {
  const event = await happens('order.paid');
  await deliver(event);
  const before = await row();
  await Promise.all(Array.from({ length: 10 }, () => deliver(event)));
  await rig.test.advance(60_000);
  await deliver(event);
  expect(await row()).toEqual(before);
  expect(before).toHaveLength(1);
});

test('an order whose payment was reversed loses its code, and has the same one when it is paid again', async () => {
  await deliver(await happens('order.paid'));
  const first = await code();
  const reversed = await happens('order.payment_reversed');
  await deliver(reversed);
  await deliver(reversed);
  expect(await code()).toBeNull();
  await deliver(await happens('order.paid'));
  expect(await code()).toBe(first);
});

test('orders have codes of their own, and one’s reversal is not another’s', async () => {
  await deliver(await happens('order.paid'));
  const [mine, mineId] = [await code(), orderId];
  orderId = systemIds.key();
  await deliver(await happens('order.paid'));
  expect(await code()).not.toBe(mine);
  await deliver(await happens('order.payment_reversed'));
  expect(await findPickupCode(rig.deps.store.db, mineId)).toBe(mine);
});

describe('D16: an event that comes again late, from a process that slept over it', () => {
  test('gives nothing back that was withdrawn since', async () => {
    const paid = await happens('order.paid');
    await deliver(paid);
    await deliver(await happens('order.payment_reversed'));
    await deliver(paid);
    expect(await code()).toBeNull();
  });

  test('withdraws nothing that was paid again since', async () => {
    await deliver(await happens('order.paid'));
    const reversed = await happens('order.payment_reversed');
    await deliver(reversed);
    await deliver(await happens('order.paid'));
    await deliver(reversed);
    expect(await code()).not.toBeNull();
  });
});
