import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { type Edge, freshEdge, HOUR, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type EcommpayAnswer, PROJECT, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { alarms } from '#e2e/rig/payments.ts';
import { booked, known, makeBatch, NAME, NUMBER, passPayout, payoutRow } from '#e2e/rig/payouts.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { sendBatch, sendOne } from './send-batch.ts';
import { sendPayout } from './send-payout.ts';

let edge: Edge;
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

const send = (batchId: string) => drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10);
const sends = () => edge.ecommpay.named('payout');
const asks = () => edge.ecommpay.named('status').length;
const state = async (id: string) => {
  const { state: where, reason } = await payoutRow(rig.deps, id);
  return reason === null ? where : `${where} ${reason}`;
};

/** One payout whose request was answered like this. */
async function sentWith(...answers: EcommpayAnswer[]) {
  const { batchId, ids } = await makeBatch(rig.deps);
  const id = ids[0] ?? '';
  edge.ecommpay.script.payout.push(...answers);
  const result = await send(batchId);
  return { batchId, id, result };
}

describe('a payout that is taken', () => {
  test('is on record before it leaves, sent once, and paid by its callback', async () => {
    const { id } = await sentWith(async (call, fake) => {
      expect(await payoutRow(rig.deps, call.paymentId)).toMatchObject({ state: 'unknown' });
      return fake.well(call);
    });
    expect(sends()).toHaveLength(1);
    expect(sends()[0]?.body).toMatchObject({
      general: { payment_id: id, merchant_callback_url: 'http://localhost:3000/api/ecommpay/callback' },
      payment: { amount: 150_000, currency: 'PHP' },
      customer: { id: 'customer-1', ip_address: '203.0.113.7' },
      account: { number: NUMBER, customer_name: NAME },
    });
    expect(await state(id)).toBe('processing');
    expect(await booked(rig.deps, id)).toEqual([]);
    const body = signedMessage(id, known('success'));
    for (let delivery = 0; delivery < 3; delivery += 1) expect(await deliver(rig.deps, body)).toBe(200);
    expect(await state(id)).toBe('paid');
    expect(await booked(rig.deps, id)).toEqual([150_000]);
    expect(rig.logText()).not.toContain(NUMBER);
    expect(rig.logText()).not.toContain('Juana');
  });

  test('is never sent twice, whoever tries, together or later', async () => {
    const { batchId, id } = await sentWith();
    await send(batchId);
    await drive(rig.test, Promise.all([sendOne(rig.deps, id, 'ana'), sendPayout(rig.deps, id)]), 10);
    expect(sends()).toHaveLength(1);
    const fresh = await makeBatch(rig.deps);
    await drive(rig.test, Promise.all([1, 2, 3].map(() => sendBatch(rig.deps, fresh.batchId, 'ana'))), 10);
    expect(sends()).toHaveLength(2);
  });

  test('is asked about after 24 h, not before; pauses grow; its decline is final', {
    timeout: 60_000,
  }, async () => {
    const { id } = await sentWith();
    await passPayout(rig, id, 23 * HOUR);
    expect(asks()).toBe(0);
    await passPayout(rig, id, 3 * HOUR);
    expect(asks()).toBeGreaterThanOrEqual(2);
    edge.ecommpay.tell(id, known('decline', { code: '20102' }));
    await passPayout(rig, id, 2 * HOUR);
    expect(await state(id)).toBe('declined 20102');
    expect(await booked(rig.deps, id)).toEqual([]);
  });

  test('that never ends is a person’s after 48 h and a margin; a late success counts', {
    timeout: 60_000,
  }, async () => {
    const { id } = await sentWith();
    await passPayout(rig, id, 49 * HOUR);
    expect(await state(id)).toBe('processing');
    await passPayout(rig, id, 2 * HOUR);
    expect(await state(id)).toBe('review time_cap');
    expect(await alarms(rig.deps, id)).toEqual(['payout_in_review']);
    edge.ecommpay.tell(id, known('success'));
    await passPayout(rig, id, 3 * HOUR);
    expect([await state(id), await booked(rig.deps, id)]).toEqual(['paid', [150_000]]);
  });

  test('whose callback came before the answer', async () => {
    const { id } = await sentWith(async (call, fake) => {
      await deliver(rig.deps, signedMessage(call.paymentId, known('success')));
      return fake.well(call);
    });
    expect([await state(id), await booked(rig.deps, id)]).toEqual(['paid', [150_000]]);
  });

  test('whose callback of an error came before the answer is asked about at once, not after 24 h', async () => {
    const { id } = await sentWith(async (call, fake) => {
      const answer = await fake.well(call);
      await deliver(rig.deps, signedMessage(call.paymentId, known('error')));
      return answer;
    });
    await passPayout(rig, id, 60_000);
    expect(asks()).toBeGreaterThanOrEqual(1);
  });

  test('declined, and paid after all: the success counts, with an alarm', async () => {
    const { id } = await sentWith();
    await deliver(rig.deps, signedMessage(id, known('decline', { code: '20000' })));
    await deliver(rig.deps, signedMessage(id, known('success')));
    await deliver(rig.deps, signedMessage(id, known('decline', { code: '20000' })));
    expect([await state(id), await booked(rig.deps, id)]).toEqual(['paid', [150_000]]);
    expect(await alarms(rig.deps, id)).toEqual(['contradiction']);
  });

  test('E3: two operations that both paid it are an alarm, be they told by callbacks or by one answer', async () => {
    const { id } = await sentWith();
    await deliver(rig.deps, signedMessage(id, known('success', { operation: 590 })));
    await deliver(rig.deps, signedMessage(id, known('success', { operation: 590 })));
    expect(await alarms(rig.deps, id)).toEqual([]);
    await deliver(rig.deps, signedMessage(id, known('success', { operation: 591 })));
    expect(await alarms(rig.deps, id)).toEqual(['second_operation']);

    const { id: other } = await sentWith();
    const operations = [591, 590].map((operation) => ({ id: operation, type: 'payout', status: 'success' }));
    edge.ecommpay.tell(other, known('success', { operations }));
    await passPayout(rig, other, 26 * HOUR);
    expect([await state(other), await booked(rig.deps, other)]).toEqual(['paid', [150_000]]);
    expect(await alarms(rig.deps, other)).toEqual(['second_operation']);
  });

  test.each<[string, Parameters<typeof known>[1]]>([
    ['another amount', { amount: 140_000 }],
    ['another currency', { currency: 'USD' }],
    ['another project', { project: PROJECT + 1 }],
    ['a purchase', { type: 'purchase' }],
  ])('E6: a success of %s is never paid, but a person’s', async (_name, changes) => {
    const { id } = await sentWith();
    await deliver(rig.deps, signedMessage(id, known('success', changes)));
    expect([await state(id), await booked(rig.deps, id)]).toEqual(['review money_differs', []]);
    edge.ecommpay.tell(id, known('success'));
    await passPayout(rig, id, 26 * HOUR);
    expect(await state(id)).toBe('paid');
  });

  test('E6: what ECommPay had under the id long before the row was written is another payout', async () => {
    const { batchId, ids } = await makeBatch(rig.deps);
    const id = ids[0] ?? '';
    edge.ecommpay.tell(id, known('success', { at: '2026-01-05T02:00:00+0000' }));
    await send(batchId);
    await passPayout(rig, id, 25 * HOUR);
    expect([await state(id), await booked(rig.deps, id)]).toEqual(['review money_differs', []]);
    expect(await alarms(rig.deps, id)).toEqual(['money_differs', 'payout_in_review']);
  });

  test.each([
    ['awaiting clarification', 'processing clarification', ['payout_clarification']],
    ['internal error', 'processing', []],
    ['external error', 'processing', []],
    ['something new', 'processing', []],
    ['refunded', 'review unexpected_status', ['payout_in_review', 'unexpected_status']],
  ])('that says "%s" is %s', async (status, expected, raised) => {
    const { id } = await sentWith();
    await deliver(rig.deps, signedMessage(id, known(status)));
    expect(await state(id)).toBe(expected);
    expect(await alarms(rig.deps, id)).toEqual(raised);
  });
});
