import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AMOUNT, type Edge, freshEdge, makeEcommpayRig, makeVisitor } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type Known, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { alarms, history, onlyPayment, orderRow, outboxKinds } from '#e2e/rig/payments.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { Gatherer } from '../base/gatherer.ts';
import type { Store, Tx } from '../db/store.ts';
import { startPagePayment } from '../payments/ecommpay/start-page.ts';
import type { Runtime } from './build.ts';

/** Callbacks that arrive while others are being saved are saved together. */

const edge: Edge = freshEdge();
let rig: Rig;
beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
  // Events are relayed where a test says so.
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());

/** A customer who is on the Payment Page. */
async function onThePage() {
  const visitor = await makeVisitor(rig);
  await startPagePayment(rig.deps, visitor.buyer, visitor.order, visitor.order.version);
  const { id } = await visitor.payment();
  const callback = (status: string, changes: Partial<Known> = {}) =>
    signedMessage(id, { status, amount: AMOUNT, ...changes });
  return { ...visitor, id, callback };
}

const several = (count: number) => Promise.all(Array.from({ length: count }, onThePage));

type Waiter = Awaited<ReturnType<typeof onThePage>>;

/** A process whose transactions go through `around`; it waits for `count` callbacks before each of its batches. */
function process(around: Store['transaction'], count = 1): Runtime {
  const arrived = async () => {
    for (let turn = 0; turn < 50 && received < count; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
  let received = 0;
  return {
    ...rig.deps,
    callbacks: new Gatherer(64, arrived),
    reach: (point) => {
      if (point === 'callback.received') received += 1;
    },
    store: { ...rig.deps.store, transaction: around },
  };
}

/** Every transaction as it is; counted. */
function counting() {
  const seen = { transactions: 0 };
  const around: Store['transaction'] = (work) => {
    seen.transactions += 1;
    return rig.deps.store.transaction(work);
  };
  return { seen, around };
}

const isPaid = async ({ id, order }: Waiter) => (await orderRow(rig.deps, order.id)).paid_by === id;

test('twenty callbacks that arrive together are one transaction, and each is paid and acknowledged', async () => {
  const waiting = await several(20);
  const { seen, around } = counting();
  const deps = process(around, 20);
  const answers = await Promise.all(waiting.map(({ callback }) => deliver(deps, callback('success'))));
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(seen.transactions).toBe(1);
  for (const customer of waiting) {
    expect(await isPaid(customer)).toBe(true);
    expect(await outboxKinds(rig.deps, customer.order.id)).toEqual(['order.paid']);
    expect(await history(rig.deps, customer.id)).toEqual(['page_handed 1', 'callback_said']);
  }
});

test('E2, E3: every status of a payment, some twice, in one batch with its neighbours’', async () => {
  const [one, other] = (await several(2)) as [Waiter, Waiter];
  const bodies = [
    one.callback('success', { operation: 591 }),
    other.callback('decline', { code: '20105' }),
    one.callback('processing'),
    one.callback('success', { operation: 591 }),
    other.callback('processing'),
    one.callback('awaiting customer', { operationStatus: 'decline', code: '20105' }),
  ];
  const deps = process(counting().around, bodies.length);
  expect(await Promise.all(bodies.map((body) => deliver(deps, body)))).toEqual(bodies.map(() => 200));
  expect(await history(rig.deps, one.id)).toEqual(['page_handed 1', ...Array(3).fill('callback_said')]);
  expect(await isPaid(one)).toBe(true);
  expect(await onlyPayment(rig.deps, other.order.id)).toMatchObject({ state: 'declined', reason: '20105' });
  expect(await outboxKinds(rig.deps, other.order.id)).toEqual([]);
});

test('E7, E19: what differs, is a stranger’s or says nothing stands beside what pays', async () => {
  const [good, wrong, later] = (await several(3)) as [Waiter, Waiter, Waiter];
  const stranger = signedMessage('somebody-elses-too', { status: 'success', amount: 1 });
  const bodies = [
    good.callback('success'),
    wrong.callback('success', { amount: 1 }),
    stranger,
    later.callback('success'),
  ];
  const deps = process(counting().around, bodies.length);
  expect(await Promise.all(bodies.map((body) => deliver(deps, body)))).toEqual([200, 200, 200, 200]);
  expect([await isPaid(good), await isPaid(wrong), await isPaid(later)]).toEqual([true, false, true]);
  expect(await alarms(rig.deps, wrong.id)).toEqual(['money_differs', 'payment_in_review']);
  const strays = await rig.deps.store.db
    .selectFrom('stray_callbacks')
    .select('times')
    .where('provider_payment_id', '=', 'somebody-elses-too')
    .execute();
  expect(strays).toEqual([{ times: 1 }]);
});

describe('E9: each is acknowledged after its own commit, and not before', () => {
  test('one that cannot be recorded fails nobody beside it', async () => {
    const waiting = await several(6);
    const bad = waiting[2] as Waiter;
    const events = rig.deps.store.db.updateTable('payment_events').where('payment_id', '=', bad.id);
    await events.set({ kind: 'written by nobody' }).execute();
    const deps = process(counting().around, 6);
    const answers = await Promise.all(waiting.map(({ callback }) => deliver(deps, callback('success'))));
    expect(answers).toEqual([200, 200, 500, 200, 200, 200]);
    const paid = await Promise.all(waiting.map(isPaid));
    expect(paid).toEqual([true, true, false, true, true, true]);
    await events.set({ kind: 'page_handed' }).execute();
    expect(await deliver(deps, bad.callback('success'))).toBe(200);
    expect(await isPaid(bad)).toBe(true);
  });

  test('a process that dies between gathering and the commit has acknowledged none, and kept none', async () => {
    const waiting = await several(5);
    let died = 0;
    const died_ = process(async (work) => {
      await rig.deps.store
        .transaction(async (tx: Tx) => {
          await work(tx);
          died += 1;
          throw new Error('SIGKILL');
        })
        .catch(() => {});
      return new Promise(() => {});
    }, 5);
    const answers: number[] = [];
    for (const { callback } of waiting)
      void deliver(died_, callback('success')).then((status) => answers.push(status));
    await expect.poll(() => died).toBe(1);
    expect(answers).toEqual([]);
    expect(await Promise.all(waiting.map(isPaid))).toEqual(waiting.map(() => false));
    // They come again, to the next process.
    for (const { callback } of waiting) expect(await deliver(rig.deps, callback('success'))).toBe(200);
    expect(await Promise.all(waiting.map(isPaid))).toEqual(waiting.map(() => true));
  });

  test('D3: where the answer to the commit is lost, each is tried again, and counts once', async () => {
    const waiting = await several(5);
    let transactions = 0;
    const deps = process(async (work) => {
      transactions += 1;
      const result = await rig.deps.store.transaction(work);
      if (transactions === 1) throw new Error('Connection terminated unexpectedly');
      return result;
    }, 5);
    const answers = await Promise.all(waiting.map(({ callback }) => deliver(deps, callback('success'))));
    expect(answers).toEqual([200, 200, 200, 200, 200]);
    expect(transactions).toBe(6);
    for (const { id, order } of waiting) {
      expect(await history(rig.deps, id)).toEqual(['page_handed 1', 'callback_said']);
      expect(await outboxKinds(rig.deps, order.id)).toEqual(['order.paid']);
    }
  });

  test('a store that is away: 500 for each of them', async () => {
    const waiting = await several(4);
    const deps = process(() => Promise.reject(new Error('down')), 4);
    const answers = await Promise.all(waiting.map(({ callback }) => deliver(deps, callback('success'))));
    expect(answers).toEqual([500, 500, 500, 500]);
  });
});

test('no transaction holds more than 64, and those that came first are in the first', async () => {
  const waiting = await several(70);
  const sizes: number[] = [];
  const deps: Runtime = {
    ...process(async (work) => {
      const before = (await Promise.all(waiting.map(isPaid))).filter(Boolean).length;
      const result = await rig.deps.store.transaction(work);
      sizes.push((await Promise.all(waiting.map(isPaid))).filter(Boolean).length - before);
      return result;
    }, 70),
  };
  const finished: number[] = [];
  const answers = await Promise.all(
    waiting.map(async ({ callback }, index) => {
      const status = await deliver(deps, callback('success'));
      finished.push(index);
      return status;
    }),
  );
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(sizes).toEqual([64, 6]);
  expect(Math.max(...finished.slice(0, 64))).toBe(63);
});

test('C30: two payments of one order that come through in one batch: one pays it, staff hears of the other', async () => {
  const [customer] = (await several(1)) as [Waiter];
  const first = await onlyPayment(rig.deps, customer.order.id);
  const second = rig.deps.ids.key();
  const { db } = rig.deps.store;
  const sale = await db
    .selectFrom('ecommpay_sales')
    .selectAll()
    .where('payment_id', '=', first.id)
    .executeTakeFirstOrThrow();
  const event = await db
    .selectFrom('payment_events')
    .selectAll()
    .where('payment_id', '=', first.id)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('payments')
    .values({ ...first, id: second, provider_id: second })
    .execute();
  await db
    .insertInto('ecommpay_sales')
    .values({ ...sale, payment_id: second })
    .execute();
  await db
    .insertInto('payment_events')
    .values({ ...event, payment_id: second, data: event.data.replaceAll(first.id, second) })
    .execute();
  const deps = process(counting().around, 2);
  const bodies = [first.id, second].map((id) => signedMessage(id, { status: 'success', amount: AMOUNT }));
  expect(await Promise.all(bodies.map((body) => deliver(deps, body)))).toEqual([200, 200]);
  const { paid_by: paidBy } = await orderRow(rig.deps, customer.order.id);
  const other = paidBy === first.id ? second : first.id;
  expect(await alarms(rig.deps, other)).toEqual(['duplicate_paid']);
  expect(await outboxKinds(rig.deps, customer.order.id)).toEqual(['order.paid']);
});
