import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AMOUNT, type Edge, freshEdge, makeEcommpayRig, makeVisitor } from '#e2e/rig/ecommpay-shopper.ts';
import { alarms, history, orderRow, outboxKinds, paymentsOf } from '#e2e/rig/payments.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { cancelOrder } from '../orders/close-order.ts';
import { append, appendToEach, lockPayment, lockPayments } from './append.ts';
import { callback, page, status } from './ecommpay/spec-helpers.ts';
import { startPagePayment } from './ecommpay/start-page.ts';
import type { Fact } from './facts.ts';
import type { PaymentRow } from './payment.ts';

const edge: Edge = freshEdge();
let rig: Rig;
beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());

const success = callback('success', { amount: AMOUNT });
const decline = callback('decline', { amount: AMOUNT, code: '20105' });
const unsure = callback('success', { amount: 1, differs: ['amount'] });

/** An order with as many payments under way. */
async function order(count = 1): Promise<PaymentRow[]> {
  const visitor = await makeVisitor(rig);
  await startPagePayment(rig.deps, visitor.buyer, visitor.order, visitor.order.version);
  const first = await visitor.payment();
  for (let number = 1; number < count; number += 1) {
    const id = rig.deps.ids.key();
    const copy = { ...first, id, provider_id: id, version: 1, opened_at: first.opened_at + number };
    const fact = { ...page, paymentId: id };
    const { kind, ...data } = fact;
    await rig.deps.store.db.insertInto('payments').values(copy).execute();
    await rig.deps.store.db
      .insertInto('payment_events')
      .values({
        payment_id: id,
        number: 1,
        key: 'page_handed:1',
        kind,
        data: JSON.stringify(data),
        recorded_at: copy.opened_at,
        recorded_by: 'test',
      })
      .execute();
  }
  return paymentsOf(rig.deps, first.order_id);
}

type Step = { payment: PaymentRow; facts: Fact[] };

const together = (steps: readonly Step[]) =>
  rig.deps.store.transaction(async (tx) => {
    const locked = await lockPayments(
      tx,
      steps.map(({ payment }) => payment.id),
    );
    const additions = locked.map((each) => ({
      locked: each,
      facts: steps.find(({ payment }) => payment.id === each.row.id)?.facts ?? [],
    }));
    return appendToEach(tx, rig.deps, additions);
  });

async function oneByOne(steps: readonly Step[]): Promise<void> {
  const sorted = steps.toSorted((a, b) => (a.payment.id < b.payment.id ? -1 : 1));
  for (const { payment, facts } of sorted)
    await rig.deps.store.transaction(async (tx) => {
      const locked = await lockPayment(tx, payment.id);
      if (locked) await append(tx, rig.deps, locked, facts);
    });
}

/** Everything that is known of these orders, without ids and times. */
async function known(payments: readonly PaymentRow[]) {
  const names = new Map(payments.map(({ id }, index) => [id, `payment ${index}`]));
  const name = (id: string | null) => (id === null ? null : (names.get(id) ?? id));
  const orders = [...new Set(payments.map(({ order_id: id }) => id))];
  return {
    payments: await Promise.all(
      payments.map(async ({ id, order_id: orderId }) => {
        const row = (await paymentsOf(rig.deps, orderId)).find((one) => one.id === id);
        return {
          state: row?.state,
          reason: row?.reason,
          version: row?.version,
          asking: row?.asking,
          duplicate: row?.duplicate_paid,
          lease: row?.lease_until,
          history: await history(rig.deps, id),
          alarms: await alarms(rig.deps, id),
        };
      }),
    ),
    orders: await Promise.all(
      orders.map(async (id) => {
        const row = await orderRow(rig.deps, id);
        return {
          claim: name(row.claim),
          paidBy: name(row.paid_by),
          told: await outboxKinds(rig.deps, id),
          alarms: await alarms(rig.deps, id),
        };
      }),
    ),
  };
}

describe('facts of many payments in one transaction come to the same as one by one', () => {
  const cases: [string, Fact[][][]][] = [
    ['each of another order', [[[success]], [[decline]], [[unsure]], [[callback('pending')]], [[]]]],
    ['several facts of one', [[[callback('pending'), decline, success]], [[success, decline]]]],
    ['the same fact twice', [[[success, success]], [[decline, callback('pending'), decline]]]],
    ['two of an order come through', [[[success], [success]], [[success]]]],
    [
      'one of an order comes through, one does not',
      [
        [[success], [decline]],
        [[decline], [success]],
      ],
    ],
    [
      'both of an order end',
      [
        [[decline], [decline]],
        [[unsure], [decline]],
      ],
    ],
    ['three of an order', [[[success], [unsure], [status('success', { amount: AMOUNT })]]]],
  ];
  test.each(cases)('%s', async (_name, shape) => {
    const make = async () => {
      const steps: Step[] = [];
      for (const facts of shape) {
        const payments = await order(facts.length);
        for (const [index, each] of facts.entries())
          steps.push({ payment: payments[index] as PaymentRow, facts: each });
      }
      return steps;
    };
    const [one, other] = [await make(), await make()];
    await together(one);
    await oneByOne(other);
    const of = (steps: Step[]) => known(steps.map(({ payment }) => payment));
    expect(await of(one)).toEqual(await of(other));
  });

  test('also where an order was closed or had been paid, and where nothing is new', async () => {
    const make = async () => {
      const [closed, paid, plain] = [await order(), await order(2), await order()];
      await rig.deps.store.db
        .updateTable('orders')
        .set({ claim: null })
        .where('id', '=', closed[0]?.order_id ?? '')
        .execute();
      expect(await cancelOrder(rig.deps.store.db, closed[0]?.order_id ?? '')).toBe(true);
      await oneByOne([
        { payment: paid[0] as PaymentRow, facts: [success] },
        { payment: plain[0] as PaymentRow, facts: [success] },
      ]);
      return [closed[0], paid[1], plain[0], paid[0]].map((payment) => ({
        payment: payment as PaymentRow,
        facts: [success],
      }));
    };
    const [one, other] = [await make(), await make()];
    await together(one);
    await oneByOne(other);
    const of = (steps: Step[]) => known(steps.map(({ payment }) => payment));
    expect(await of(one)).toEqual(await of(other));
    expect((await of(one)).orders[0]).toMatchObject({ alarms: ['paid_after_close'], told: ['order.paid'] });
    expect((await of(one)).payments[1]).toMatchObject({ duplicate: 1 });
  });
});

test('what was concluded comes back, one each, in the order they were named', async () => {
  const [[first], [second]] = [await order(), await order()] as [PaymentRow[], PaymentRow[]];
  const appended = await rig.deps.store.transaction(async (tx) => {
    const locked = await lockPayments(tx, [first?.id ?? '', second?.id ?? '']);
    return appendToEach(
      tx,
      rig.deps,
      locked
        .toReversed()
        .map((each) => ({ locked: each, facts: each.row.id === first?.id ? [success] : [] })),
    );
  });
  expect(appended.map(({ locked, before, after }) => [locked.row.id, before.state, after.state])).toEqual([
    [second?.id, 'executing', 'executing'],
    [first?.id, 'executing', 'approved'],
  ]);
  expect(appended[1]?.locked).toMatchObject({ row: { state: 'approved', version: 2 }, events: [{}, {}] });
});

test('D11: transactions that name the same payments in other orders wait in line and not for each other', async () => {
  const payments: PaymentRow[] = [];
  for (let number = 0; number < 8; number += 1) payments.push((await order())[0] as PaymentRow);
  const ids = payments.map(({ id }) => id);
  const orders = [ids, ids.toReversed(), [...ids.slice(4), ...ids.slice(0, 4)]];
  let begun = 0;
  await Promise.all(
    Array.from({ length: 9 }, (_, n) =>
      rig.deps.store.transaction(async (tx) => {
        begun += 1;
        const locked = await lockPayments(tx, orders[n % orders.length] ?? []);
        return appendToEach(
          tx,
          rig.deps,
          locked.map((each) => ({ locked: each, facts: [success] })),
        );
      }),
    ),
  );
  expect(begun).toBe(9);
  for (const { id, order_id: orderId } of payments) {
    expect(await history(rig.deps, id)).toEqual(['page_handed 1', 'callback_said']);
    expect(await outboxKinds(rig.deps, orderId)).toEqual(['order.paid']);
  }
});

test('payments that do not exist, or for which the guard does not hold, are left out', async () => {
  const [payment] = (await order()) as [PaymentRow];
  const ids = [payment.id, 'nobody'];
  const found = await rig.deps.store.transaction(async (tx) => [
    (await lockPayments(tx, ids)).length,
    (await lockPayments(tx, ids, (eb) => eb('rail', '=', 'maya'))).length,
    (await lockPayments(tx, [])).length,
  ]);
  expect(found).toEqual([1, 0, 0]);
});
