import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  AMOUNT,
  type Edge,
  freshEdge,
  freshOrder,
  makeEcommpayRig,
  makeVisitor,
} from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { alarms, orderRow, outboxKinds, paymentsOf } from '#e2e/rig/payments.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { openDossier } from '../ops/payment-dossier.ts';
import { listReview } from '../ops/review-list.ts';
import { startPagePayment } from './ecommpay/start-page.ts';
import { orderStatus } from './order-status.ts';
import { findPayment } from './payment.ts';
import { decide, recordReturn, type StaffDeps } from './staff.ts';
import { twicePaid } from './twice-paid.ts';

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

const OTHER_SUM = 1_000;
const ana = { actor: 'ana', evidence: 'Dashboard' };

/** An order with two payments on ECommPay's page, both successful with another sum; the second is to be given back. */
async function bothOfAnotherSum() {
  const { order, buyer } = await makeVisitor(rig);
  const staff: StaffDeps = { ...rig.deps, executeTimeoutMs: 60_000 };
  const begin = async () => {
    await rig.test.advance(10);
    const now = await freshOrder(rig.deps, order.id);
    const begun = await startPagePayment(rig.deps, buyer, now, now.version);
    return { begun, id: (await paymentsOf(rig.deps, order.id)).at(-1)?.id ?? '' };
  };
  const says = (id: string, status: string, amount: number, operation = 2) =>
    deliver(rig.deps, signedMessage(id, { status, amount, operation }));
  const one = (await begin()).id;
  await says(one, 'decline', AMOUNT, 1);
  const two = (await begin()).id;
  await says(one, 'success', OTHER_SUM);
  await says(two, 'success', OTHER_SUM);
  const { db } = rig.deps.store;
  return {
    order,
    one,
    two,
    begin,
    says,
    isReturned: (id: string, deps = staff) => recordReturn(deps, id, ana),
    isReturnedAlthoughItPays: (id: string) => recordReturn(staff, id, ana, true),
    decides: async (id: string, decision: 'charged' | 'not_charged') =>
      decide(staff, id, decision, (await findPayment(db, id))?.version ?? 0, ana),
    status: async () => orderStatus(db, await freshOrder(rig.deps, order.id), rig.deps.clock.now()),
    twice: async () => twicePaid(db, await freshOrder(rig.deps, order.id)),
    row: () => orderRow(rig.deps, order.id),
    events: () => outboxKinds(rig.deps, order.id),
  };
}

type Found = Awaited<ReturnType<typeof bothOfAnotherSum>>;

describe('C30: money that a person gave back', () => {
  test.each<[string, (found: Found) => Promise<unknown>]>([
    ['a person finds that it was charged', ({ decides, two }) => decides(two, 'charged')],
    ['ECommPay tells of the right sum', ({ says, two }) => says(two, 'success', AMOUNT, 3)],
  ])('never pays the order where later %s; the other payment does', async (_name, isApproved) => {
    const found = await bothOfAnotherSum();
    const { one, two, isReturned, decides, status, twice, row, events } = found;
    expect(await isReturned(two)).toBe('recorded');
    await isApproved(found);
    const states = (await paymentsOf(rig.deps, found.order.id)).map((payment) => [
      payment.state,
      payment.duplicate_paid,
    ]);
    expect(states).toEqual([
      ['review', 0],
      ['approved', 1],
    ]);
    expect(await row()).toMatchObject({ paid_by: null, claim: one });
    expect(await events()).toEqual([]);
    // Such an alarm asks for the money to be given back.
    expect(await alarms(rig.deps, two)).not.toContain('duplicate_paid');
    expect(await status()).toMatchObject({ state: 'review', payment: { id: one }, payable: false });
    expect(await twice()).toMatchObject({
      counts: { payment: { id: one } },
      owed: [{ payment: { id: two }, returnedAtMs: expect.any(Number) }],
    });
    await decides(one, 'charged');
    expect(await row()).toMatchObject({ paid_by: one });
    expect(await events()).toEqual(['order.paid']);
  });

  test('does not come to pay the order while the return is being recorded', async () => {
    const { one, two, isReturned, decides, row, events } = await bothOfAnotherSum();
    // Now the first one is to be given back, which does not hold the order.
    await decides(two, 'charged');
    await decides(one, 'charged');
    const { store } = rig.deps;
    let recorded = () => {};
    const isRecorded = new Promise<void>((resolve) => {
      recorded = resolve;
    });
    // Has recorded everything, and is not committed yet, when the payer turns out to have taken nothing.
    const slow: StaffDeps = {
      ...rig.deps,
      executeTimeoutMs: 60_000,
      store: {
        ...store,
        transaction: (work) =>
          store.transaction(async (tx) => {
            const result = await work(tx);
            recorded();
            await new Promise((resolve) => setTimeout(resolve, 200));
            return result;
          }),
      },
    };
    const returned = isReturned(one, slow);
    await isRecorded;
    expect(await decides(two, 'not_charged')).toMatchObject({ state: 'failed' });
    expect(await returned).toBe('recorded');
    expect(await row()).toMatchObject({ paid_by: null });
    expect(await events()).toEqual(['order.paid', 'order.payment_reversed']);
  });

  test('comes to pay the order before it is recorded: from then on it pays nothing', async () => {
    const found = await bothOfAnotherSum();
    const { one, two, isReturned, isReturnedAlthoughItPays, decides, status, twice, row, events } = found;
    await decides(two, 'charged');
    await decides(one, 'charged');
    // Somebody gives back what the first one took; meanwhile a colleague finds that the second one took nothing.
    await decides(two, 'not_charged');
    // By mistake, or of a payment that took something else since, it would be paid for nothing: so not unasked.
    expect(await isReturned(one)).toBe('pays_the_order');
    expect(await row()).toMatchObject({ paid_by: one });
    expect(await isReturnedAlthoughItPays(one)).toBe('recorded');
    expect(await row()).toMatchObject({ paid_by: null, claim: null });
    expect(await events()).toEqual([
      'order.paid',
      'order.payment_reversed',
      'order.paid',
      'order.payment_reversed',
    ]);
    expect(await status()).toMatchObject({ state: 'failed', payment: { id: two }, payable: true });
    expect(await twice()).toMatchObject({ counts: null, owed: [{ payment: { id: one } }] });
    expect(await isReturned(one)).toBe('nothing_to_return');
  });

  test('hands the order on to another payment that stands; that one is not to be given back any more', async () => {
    const found = await bothOfAnotherSum();
    const { order, one, two, begin, says, isReturnedAlthoughItPays, decides, row, events } = found;
    await decides(one, 'not_charged');
    await decides(two, 'not_charged');
    const three = (await begin()).id;
    await says(three, 'success', OTHER_SUM);
    for (const id of [three, one, two]) await decides(id, 'charged');
    const toReturn = async () =>
      (await listReview(rig.deps.store.db, { spotChecks: false }))
        .filter(({ orderId }) => orderId === order.id)
        .map(({ todo, paymentId }) => [todo, paymentId]);
    expect(await toReturn()).toEqual([
      ['return', one],
      ['return', two],
    ]);
    await decides(three, 'not_charged');
    expect(await row()).toMatchObject({ paid_by: one });
    expect(await toReturn()).toEqual([['return', two]]);
    expect(await isReturnedAlthoughItPays(one)).toBe('recorded');
    expect(await row()).toMatchObject({ paid_by: two });
    expect(await toReturn()).toEqual([]);
    const moves = ['order.payment_reversed', 'order.paid'];
    expect(await events()).toEqual(['order.paid', ...moves, ...moves]);
  });

  test('is only what a task asked for: not what pays the order, and never by the machine’s name', async () => {
    const { one, two, isReturned, decides, row } = await bothOfAnotherSum();
    await decides(one, 'charged');
    expect(await isReturned(one)).toBe('nothing_to_return');
    expect(await row()).toMatchObject({ paid_by: one });
    const machine = { actor: 'machine', evidence: 'Dashboard' };
    const staff: StaffDeps = { ...rig.deps, executeTimeoutMs: 60_000 };
    await expect(recordReturn(staff, two, machine)).rejects.toThrow('nobody’s name');
    expect(await isReturned(two)).toBe('recorded');
  });

  test('is named to staff as it was taken, not as it was asked for', async () => {
    const { one, two, decides } = await bothOfAnotherSum();
    await decides(one, 'charged');
    const { db } = rig.deps.store;
    const listed = await listReview(db, { spotChecks: false });
    expect(listed.find(({ todo, paymentId }) => todo === 'return' && paymentId === two)).toMatchObject({
      amountCentavos: OTHER_SUM,
    });
    expect(await openDossier(db, two)).toMatchObject({
      payment: { amount_centavos: AMOUNT },
      taken: { centavos: OTHER_SUM },
    });
  });

  test.each([
    ['in review', false],
    ['approved', true],
  ])('bars no new payment, be it %s and the newest; its page says so', async (_name, isApproved) => {
    const { one, two, begin, says, isReturned, decides, status, twice, row } = await bothOfAnotherSum();
    await decides(one, 'charged');
    if (isApproved) await decides(two, 'charged');
    await isReturned(two);
    await decides(one, 'not_charged');
    expect(await row()).toMatchObject({ paid_by: null, claim: null });
    expect(await status()).toMatchObject({
      state: 'failed',
      payment: { id: one },
      duplicate: null,
      payable: true,
    });
    expect(await twice()).toMatchObject({ counts: null, owed: [{ payment: { id: two } }] });

    const { begun, id } = await begin();
    expect(begun).toMatchObject({ kind: 'go' });
    await says(id, 'success', AMOUNT);
    expect(await row()).toMatchObject({ paid_by: id });
    expect(await twice()).toMatchObject({
      counts: { payment: { id } },
      owed: [{ payment: { id: two }, returnedAtMs: expect.any(Number) }],
    });
  });
});
