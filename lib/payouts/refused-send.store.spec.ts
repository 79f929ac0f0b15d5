import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { AMOUNT, type Edge, freshEdge, makeEcommpayRig, makeVisitor } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type EcommpayAnswer, PROJECT, refusedWith, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { alarms } from '#e2e/rig/payments.ts';
import {
  csvOf,
  importText,
  known,
  letPayBefore,
  makeBatch,
  payoutHistory,
  payoutRow,
  row,
} from '#e2e/rig/payouts.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { startPagePayment } from '../payments/ecommpay/start-page.ts';
import { findPayers } from './payers.ts';
import { makePayoutKeys, sealRecipient } from './recipient.ts';
import { sendBatch, sendOne } from './send-batch.ts';

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
async function _sentWith(...answers: EcommpayAnswer[]) {
  const { batchId, ids } = await makeBatch(rig.deps);
  const id = ids[0] ?? '';
  edge.ecommpay.script.payout.push(...answers);
  const result = await send(batchId);
  return { batchId, id, result };
}
const notConnected: EcommpayAnswer = () => {
  throw Object.assign(new Error('x'), { code: 'http.not_connected' });
};

describe('a first send that is refused', () => {
  test.each([
    ['2606', 'no earlier payment, as ECommPay sees it'],
    ['20102', 'account data'],
    ['3104', 'limits of the period'],
  ])('%s (%s) is final, and the batch goes on', async (code) => {
    const { batchId, ids } = await makeBatch(rig.deps, 3);
    edge.ecommpay.script.payout.push(refusedWith(code));
    const result = await send(batchId);
    expect(result).toMatchObject({ states: { failed: 1, processing: 2 }, stopped: null });
    const states = await Promise.all(ids.map(state));
    expect(states.toSorted()).toEqual([`failed ${code}`, 'processing', 'processing']);
    expect(asks()).toBe(0);
  });

  test('3613 is surfaced to staff, who may send it again under the same id, or not at all', async () => {
    const { batchId, ids } = await makeBatch(rig.deps, 2);
    edge.ecommpay.script.payout.push(refusedWith('3613'));
    expect(await send(batchId)).toMatchObject({ states: { held: 1, processing: 1 }, stopped: null });
    const states = await Promise.all(ids.map(state));
    const held = ids[states.indexOf('held duplicate')] ?? '';
    expect(await alarms(rig.deps, held)).toEqual(['payout_duplicate']);
    await send(batchId);
    expect(await state(held)).toBe('held duplicate');
    await drive(rig.test, sendOne(rig.deps, held, 'ana'), 10);
    expect([await state(held), await alarms(rig.deps, held)]).toEqual(['processing', []]);
    const requests = sends().filter(({ paymentId }) => paymentId === held);
    expect([requests.length, new Set(requests.map(({ raw }) => raw)).size]).toEqual([2, 1]);
  });

  test.each(['504', '3028', '20504'])(
    '%s: no balance stops the batch; topped up, it goes on',
    async (code) => {
      const { batchId, ids } = await makeBatch(rig.deps, 30);
      edge.ecommpay.script.payout.push(...Array.from({ length: 10 }, () => refusedWith(code)));
      const result = await send(batchId);
      expect(result?.stopped).toBe('balance');
      expect(sends().length).toBeLessThan(15);
      const states = new Set(await Promise.all(ids.map(state)));
      expect([...states].every((one) => ['ready', 'held balance', 'processing'].includes(one))).toBe(true);
      expect(await alarms(rig.deps, batchId)).toEqual(['payout_batch_stopped']);
      edge.ecommpay.script.payout.length = 0;
      expect(await send(batchId)).toMatchObject({ stopped: null });
      for (const id of ids) expect(await state(id)).toBe('processing');
      expect(await alarms(rig.deps, batchId)).toEqual([]);
    },
  );

  test('a decline for balance that comes by callback stops the batch too', async () => {
    const { batchId, ids } = await makeBatch(rig.deps, 2);
    await send(batchId);
    await deliver(rig.deps, signedMessage(ids[0] ?? '', known('decline', { code: '3028' })));
    expect(await state(ids[0] ?? '')).toBe('declined 3028');
    expect(await alarms(rig.deps, batchId)).toEqual(['payout_batch_stopped']);
  });

  test.each(['303', '2442', '3261'])(
    '%s: settings that are wrong stop the batch, not its payouts',
    async (code) => {
      const { batchId, ids } = await makeBatch(rig.deps, 20);
      edge.ecommpay.script.payout.push(...Array.from({ length: 20 }, () => refusedWith(code)));
      expect(await send(batchId)).toMatchObject({ stopped: 'configuration' });
      expect(sends().length).toBeLessThan(12);
      edge.ecommpay.script.payout.length = 0;
      await send(batchId);
      for (const id of ids) expect(await state(id)).toBe('processing');
    },
  );

  test('no connection: nothing left, the batch stops and is sent later', async () => {
    const { batchId, ids } = await makeBatch(rig.deps, 20);
    edge.ecommpay.script.payout.push(...Array.from({ length: 20 }, () => notConnected));
    expect(await send(batchId)).toMatchObject({ stopped: 'not_connected' });
    expect(new Set(await Promise.all(ids.map(state)))).toEqual(new Set(['ready', 'ready not_connected']));
    edge.ecommpay.script.payout.length = 0;
    await send(batchId);
    for (const id of ids) expect(await state(id)).toBe('processing');
  });
});

describe('E14: only to a customer who has paid before', () => {
  test('by PayMaya, as this store knows it; a payment in the air is none', async () => {
    const visitor = await makeVisitor(rig);
    await startPagePayment(rig.deps, visitor.buyer, visitor.order, visitor.order.version);
    const payment = await visitor.payment();
    const { customer_id: customer } = await rig.deps.store.db
      .selectFrom('ecommpay_sales')
      .select('customer_id')
      .where('payment_id', '=', payment.id)
      .executeTakeFirstOrThrow();
    const text = csvOf([row({ payment_id: `for-${payment.id}`, customer_id: customer })]);
    expect((await importText(rig.deps, text)).told).toEqual([expect.stringContaining('has not paid before')]);
    await deliver(rig.deps, signedMessage(payment.id, { status: 'success', amount: AMOUNT }));
    const { batchId } = await importText(rig.deps, text);
    expect(await send(batchId ?? '')).toMatchObject({ states: { processing: 1 } });
    expect(await findPayers(rig.deps.store.db, PROJECT + 1, [customer])).toEqual(new Set());
    const taken = csvOf([row({ payment_id: payment.id, customer_id: customer })]);
    expect((await importText(rig.deps, taken)).told).toEqual([
      expect.stringContaining('payment by a customer'),
    ]);
  });

  test('one that is on the list no more is not sent', async () => {
    await letPayBefore(rig.deps, 'leaver');
    const { batchId } = await importText(
      rig.deps,
      csvOf([row({ payment_id: 'to-a-leaver', customer_id: 'leaver' })]),
    );
    await rig.deps.store.db.deleteFrom('payout_payers').where('customer_id', '=', 'leaver').execute();
    expect(await send(batchId ?? '')).toMatchObject({ states: {}, notSent: { no_pay_in: 1 } });
    expect([sends().length, await state('to-a-leaver')]).toEqual([0, 'ready']);
  });
});

test('a recipient sealed with a password that is gone keeps its payout from being sent, not the others', async () => {
  const { batchId, ids } = await makeBatch(rig.deps, 2);
  const [first = ''] = ids;
  const gone = makePayoutKeys('a password that nobody has any more');
  const recipient = { accountNumber: '09170000000', customerName: 'Jose', ipAddress: '::1' };
  await rig.deps.store.db
    .updateTable('payouts')
    .set({ sealed_recipient: sealRecipient(gone, first, recipient) })
    .where('id', '=', first)
    .execute();
  expect(await send(batchId)).toMatchObject({ states: { processing: 1 }, notSent: { unreadable: 1 } });
  expect(await payoutHistory(rig.deps, first)).toEqual([]);
});

test('limits that became narrower since the import keep a payout from being sent, and from being recorded as sent', async () => {
  const { batchId, ids } = await makeBatch(rig.deps);
  const narrow = await makeEcommpayRig(() => edge, {
    test: rig.test,
    settings: { ECOMMPAY_PAYOUT_MAX_CENTAVOS: '1000' },
  });
  expect(await sendBatch(narrow.deps, batchId, 'ana')).toMatchObject({ notSent: { not_sendable: 1 } });
  expect(await payoutHistory(rig.deps, ids[0] ?? '')).toEqual([]);
});
