import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { systemIds } from '../base/ids.ts';
import { announce } from './outbox.ts';
import { deliveries, failing, inWords, PAYLOAD, paid, relay, reversed, tell } from './spec-helpers.ts';

let rig: Rig;
/** Keys that do not grow, as those of two machines whose clocks differ, or of one millisecond. */
let keys: Iterator<string>;

beforeAll(async () => {
  const ids = { ...systemIds, key: () => keys.next().value ?? systemIds.key() };
  rig = await makeRig(() => Promise.reject(new Error('the outbox calls nobody')), { ids });
});
afterAll(() => rig.close());
beforeEach(async () => {
  keys = [].values();
  await rig.deps.store.db.deleteFrom('outbox').execute();
});

describe('what is announced', () => {
  test('is delivered as it was written, once, and then no more', async () => {
    await tell(rig.deps, paid());
    const { given, delivered } = await relay(rig.deps);
    expect(given).toEqual([
      {
        id: expect.any(String),
        kind: 'order.paid',
        number: 1,
        orderId: 'order-1',
        paymentId: 'payment-1',
        payload: PAYLOAD,
        createdAtMs: rig.test.clock.now(),
      },
    ]);
    expect(delivered).toBe(1);
    expect(await relay(rig.deps)).toEqual({ given: [], delivered: 0 });
  });

  test('is not, where the transaction of its fact is not kept', async () => {
    const told = rig.deps.store.transaction(async (tx) => {
      await announce(tx, rig.deps.ids, [paid()]);
      throw new Error('the fact was not kept');
    });
    await expect(told).rejects.toThrow('the fact was not kept');
    expect(await deliveries(rig.deps)).toEqual([]);
  });

  test('C43: however often it is concluded, is one event', async () => {
    await tell(rig.deps, paid(), paid());
    await tell(rig.deps, paid());
    expect(await deliveries(rig.deps)).toHaveLength(1);
    await tell(rig.deps, paid());
    expect(await deliveries(rig.deps)).toEqual([]);
    await tell(rig.deps, reversed(), reversed());
    await tell(rig.deps, reversed());
    expect(await deliveries(rig.deps)).toHaveLength(1);
  });

  test('C43: twenty at once are one event', async () => {
    await Promise.all(Array.from({ length: 20 }, () => tell(rig.deps, paid())));
    expect(await deliveries(rig.deps)).toHaveLength(1);
  });

  test('of another payment, or of another order, is another event', async () => {
    await tell(rig.deps, paid(), paid('order-1', 'payment-2'), paid('order-2', 'payment-3'));
    expect(await deliveries(rig.deps)).toHaveLength(3);
  });

  test('is told again where the payment was reversed and came through again, each time', async () => {
    await tell(rig.deps, paid());
    await tell(rig.deps, reversed());
    await tell(rig.deps, paid());
    await tell(rig.deps, reversed());
    await tell(rig.deps, paid(), paid());
    expect(await deliveries(rig.deps)).toEqual([
      'order.paid order-1 payment-1',
      'order.payment_reversed order-1 payment-1',
      'order.paid order-1 payment-1',
      'order.payment_reversed order-1 payment-1',
      'order.paid order-1 payment-1',
    ]);
  });
});

describe('the order of an order’s events', () => {
  test('is that of their facts, in one transaction and one millisecond too, whatever their ids', async () => {
    keys = ['c', 'b', 'a'].values();
    await tell(rig.deps, paid());
    await tell(rig.deps, reversed(), paid('order-1', 'payment-2'));
    expect(await deliveries(rig.deps)).toEqual([
      'order.paid order-1 payment-1',
      'order.payment_reversed order-1 payment-1',
      'order.paid order-1 payment-2',
    ]);
  });

  test('is that of their facts where the clock steps back', async () => {
    await tell(rig.deps, paid());
    await rig.test.advance(-60_000);
    await tell(rig.deps, reversed());
    await rig.test.advance(60_000);
    expect(await deliveries(rig.deps)).toEqual([
      'order.paid order-1 payment-1',
      'order.payment_reversed order-1 payment-1',
    ]);
  });

  test('holds while the first is not delivered; other orders do not wait for it', async () => {
    await tell(rig.deps, paid(), reversed(), paid('order-2', 'payment-2'));
    const { given } = await relay(rig.deps, async ({ orderId }) => {
      if (orderId === 'order-1') await failing();
    });
    expect(new Set(inWords(given))).toEqual(
      new Set(['order.paid order-1 payment-1', 'order.paid order-2 payment-2']),
    );
    await rig.test.advance(1_000);
    expect(await deliveries(rig.deps)).toEqual([
      'order.paid order-1 payment-1',
      'order.payment_reversed order-1 payment-1',
    ]);
  });
});
