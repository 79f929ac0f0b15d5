import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { alarms } from '#e2e/rig/payments.ts';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { until } from '#e2e/rig/until.ts';
import type { FaultPoint } from '#lib/base/fault-points.ts';
import { type OrderEvent, relayOutbox } from './outbox.ts';
import { deliveries, failing, PAYLOAD, paid, relay, reversed, tell } from './spec-helpers.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('the outbox calls nobody')));
});
afterAll(() => rig.close());
beforeEach(async () => {
  await rig.deps.store.db.deleteFrom('outbox').execute();
});

describe('between orders', () => {
  test('the event that is due longest goes first: a failed one waits its turn', async () => {
    await tell(rig.deps, paid('order-1'));
    await relay(rig.deps, failing);
    await rig.test.advance(500);
    await tell(rig.deps, paid('order-2'));
    await rig.test.advance(500);
    await tell(rig.deps, paid('order-3'));
    await rig.test.advance(1);
    expect(await deliveries(rig.deps)).toEqual([
      'order.paid order-2 payment-1',
      'order.paid order-1 payment-1',
      'order.paid order-3 payment-1',
    ]);
  });

  test('D15: taking one costs no more with ten thousand waiting', async () => {
    const few = await fastestTaking(500);
    const many = await fastestTaking(10_000);
    // Reading them all would cost twenty times as much.
    expect(many).toBeLessThan(10 * few);
  });

  test('an event that a process is at holds up no other order', async () => {
    await tell(rig.deps, paid('order-1'));
    const taken = Promise.withResolvers<void>();
    const slow = Promise.withResolvers<void>();
    const busy = relay(rig.deps, async () => {
      taken.resolve();
      await slow.promise;
    });
    await taken.promise;
    await rig.test.advance(1);
    await tell(rig.deps, paid('order-2'));
    expect(await deliveries(rig.deps)).toEqual(['order.paid order-2 payment-1']);
    slow.resolve();
    expect((await busy).delivered).toBe(1);
  });
});

describe('D16, C43: at least once, under the same id', () => {
  test('a consumer that throws is given it again, after pauses that grow to ten minutes', async () => {
    await tell(rig.deps, paid());
    const seen = new Set<string>();
    const pauses: number[] = [];
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      const { given, delivered } = await relay(rig.deps, failing);
      expect([given.length, delivered]).toEqual([1, 0]);
      for (const { id } of given) seen.add(id);
      const { due_at: due } = await rig.deps.store.db
        .selectFrom('outbox')
        .select('due_at')
        .executeTakeFirstOrThrow();
      const pause = due - rig.test.clock.now();
      pauses.push(pause / 1_000);
      await rig.test.advance(pause - 1);
      expect((await relay(rig.deps)).given).toEqual([]);
      await rig.test.advance(1);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
    const { given, delivered } = await relay(rig.deps);
    expect([...seen]).toEqual(given.map(({ id }) => id));
    expect(delivered).toBe(1);
  });

  test('a process that died over it is followed by another after ten seconds', async () => {
    await tell(rig.deps, paid());
    const taken = Promise.withResolvers<readonly OrderEvent[]>();
    void relayOutbox(rig.deps, (events) => {
      taken.resolve(events);
      return new Promise(() => {});
    });
    const [{ id } = { id: '' }] = await taken.promise;
    await rig.test.advance(10_000);
    expect((await relay(rig.deps)).given).toEqual([]);
    await rig.test.advance(1);
    expect((await relay(rig.deps)).given.map((event) => event.id)).toEqual([id]);
  });

  test('one that comes back late marks nothing twice', async () => {
    await tell(rig.deps, paid());
    const taken = Promise.withResolvers<void>();
    const slow = Promise.withResolvers<void>();
    const late = relay(rig.deps, async () => {
      taken.resolve();
      await slow.promise;
    });
    await taken.promise;
    await rig.test.advance(10_001);
    expect((await relay(rig.deps)).delivered).toBe(1);
    const before = await rig.deps.store.db.selectFrom('outbox').selectAll().execute();
    await rig.test.advance(1_000);
    slow.resolve();
    await late;
    expect(await rig.deps.store.db.selectFrom('outbox').selectAll().execute()).toEqual(before);
  });

  test('of ten that reach for one event at once, one gets it', async () => {
    await tell(rig.deps, paid());
    const gate = Promise.withResolvers<void>();
    let finished = 0;
    const relays = Array.from({ length: 10 }, async () => {
      const { given } = await relay(rig.deps, () => gate.promise);
      finished += 1;
      return given.length;
    });
    await until(() => finished === 9);
    gate.resolve();
    expect((await Promise.all(relays)).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });

  test('two processes at once deliver each event once', async () => {
    const other = await makeRig(() => Promise.reject(new Error('nobody is called')), { test: rig.test });
    const orders = Array.from({ length: 12 }, (_, n) => `order-${n}`);
    await tell(rig.deps, ...orders.map((order) => paid(order)));
    const given: string[] = [];
    const work = async ({ orderId }: OrderEvent) => void given.push(orderId);
    let delivered = 0;
    for (let turn = 0; turn < 12 && delivered < 12; turn += 1)
      for (const relayed of await Promise.all([relay(rig.deps, work), relay(other.deps, work)]))
        delivered += relayed.delivered;
    expect(given.sort()).toEqual(orders.sort());
  });
});

describe('an event that cannot be delivered', () => {
  test('raises an alarm at the eighth try, not before', async () => {
    await tell(rig.deps, paid());
    const { id } = await rig.deps.store.db.selectFrom('outbox').select('id').executeTakeFirstOrThrow();
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      expect(await alarms(rig.deps, id)).toEqual([]);
      await relay(rig.deps, failing);
      await rig.test.advance(10 * 60_000);
    }
    expect(await alarms(rig.deps, id)).toEqual(['outbox_stuck']);
    await relay(rig.deps, failing);
    const told = rig.lines.filter(({ event, subject }) => event === 'alarm' && subject === id);
    expect(told).toMatchObject([{ level: 'error', alarm: 'outbox_stuck' }]);
  });

  test('says nothing of why but the error’s class', async () => {
    await tell(rig.deps, paid());
    await relay(rig.deps, async () => {
      throw new TypeError('secret words of a customer');
    });
    expect(rig.lines.at(-1)).toMatchObject({ event: 'outbox.failed', error: 'TypeError', attempt: 1 });
    expect(rig.logText()).not.toContain('secret words');
  });
});

describe('several at once', () => {
  const orders = Array.from({ length: 40 }, (_, n) => `order-${String(n).padStart(2, '0')}`);
  const tellAll = () => tell(rig.deps, ...orders.map((order) => paid(order)));

  /** Relays to a consumer of batches. @returns what it was given, batch by batch */
  async function batches(work: (given: string[]) => Promise<void> = async () => {}) {
    const given: string[][] = [];
    const delivered = await relayOutbox(rig.deps, async (events) => {
      given.push(events.map(({ orderId }) => orderId));
      await work(given.at(-1) ?? []);
    });
    return { given, delivered };
  }

  test('at most 32, each of another order', async () => {
    await tellAll();
    await tell(rig.deps, reversed('order-00'));
    const { given, delivered } = await batches();
    expect(given.map(({ length }) => length)).toEqual([32, 9]);
    for (const batch of given) expect(new Set(batch).size).toBe(batch.length);
    expect(given.flat().filter((order) => order === 'order-00')).toHaveLength(2);
    expect(delivered).toBe(41);
    expect((await batches()).given).toEqual([]);
  });

  test('one that the consumer cannot take: the others of its batch are delivered, and it comes again', async () => {
    await tellAll();
    const bad = 'order-07';
    const { given, delivered } = await batches(async (batch) => {
      if (batch.includes(bad)) await failing();
    });
    expect(delivered).toBe(39);
    const failed = given.findIndex((batch) => batch.length > 1 && batch.includes(bad));
    const batch = given[failed] ?? [];
    expect(given.slice(failed + 1, failed + 1 + batch.length)).toEqual(batch.map((order) => [order]));
    await rig.test.advance(1_000);
    expect(await deliveries(rig.deps)).toEqual([`order.paid ${bad} payment-1`]);
  });

  test('one by one, none is taken to the consumer that another process has by now', async () => {
    await tellAll();
    const other = await makeRig(() => Promise.reject(new Error('nobody is called')), { test: rig.test });
    let calls = 0;
    const theirs: OrderEvent[] = [];
    const { given } = await batches(async () => {
      calls += 1;
      if (calls > 1) return;
      await rig.test.advance(10_001);
      theirs.push(...(await relay(other.deps)).given);
      await failing();
    });
    expect(theirs).toHaveLength(40);
    expect(given.map(({ length }) => length)).toEqual([32]);
  });

  test('two processes that mark the same events at once both come to an end', async () => {
    await tellAll();
    const other = await makeRig(() => Promise.reject(new Error('nobody is called')), { test: rig.test });
    const gate = Promise.withResolvers<void>();
    let calls = 0;
    const wait = async () => {
      calls += 1;
      await gate.promise;
    };
    const first = relayOutbox(rig.deps, wait);
    await until(() => calls === 1);
    await rig.test.advance(10_001);
    const second = relayOutbox(other.deps, wait);
    await until(() => calls === 2);
    gate.resolve();
    await Promise.all([first, second]);
    const left = await rig.deps.store.db
      .selectFrom('outbox')
      .select('id')
      .where('delivered_at', 'is', null)
      .execute();
    expect(left).toEqual([]);
  });
});

/** Milliseconds from one batch to the next, the fastest of some, while so many wait. */
async function fastestTaking(waiting: number): Promise<number> {
  const { store } = rig.deps;
  await store.db.deleteFrom('outbox').execute();
  const now = rig.test.clock.now();
  const BATCH = 500;
  for (let from = 0; from < waiting; from += BATCH)
    await store.db
      .insertInto('outbox')
      .values(
        Array.from({ length: Math.min(BATCH, waiting - from) }, (_, index) => {
          const id = `waiting-${from + index}`;
          const at = now - waiting + from + index;
          return {
            id,
            dedupe_key: id,
            kind: 'order.paid',
            order_id: id,
            number: 1,
            payment_id: id,
            payload: JSON.stringify(PAYLOAD),
            created_at: at,
            due_at: at,
          };
        }),
      )
      .execute();
  const takenAt: number[] = [];
  const enough = new Error('enough');
  const reach = (point: FaultPoint) => {
    if (point !== 'outbox.leased') return;
    takenAt.push(performance.now());
    if (takenAt.length > 10) throw enough;
  };
  await expect(relayOutbox({ ...rig.deps, reach }, async () => {})).rejects.toBe(enough);
  return Math.min(...takenAt.slice(1).map((at, index) => at - (takenAt[index] ?? at)));
}
