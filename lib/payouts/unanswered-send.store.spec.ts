import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { type Edge, freshEdge, HOUR, MINUTE, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { type EcommpayAnswer, refusedWith } from '#e2e/rig/fake-ecommpay.ts';
import { alarms } from '#e2e/rig/payments.ts';
import { booked, known, makeBatch, passPayout, payoutHistory, payoutRow } from '#e2e/rig/payouts.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { sendBatch, sendOne } from './send-batch.ts';
import { settleOnce } from './settle.ts';

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
const lost: EcommpayAnswer = () => Promise.reject(new Error('connection reset'));
const registeredThen =
  (answer: EcommpayAnswer): EcommpayAnswer =>
  (call, fake) => {
    fake.well(call);
    return answer(call, fake);
  };

describe('E13: an unanswered send is unknown, and settled under the same id by status first', () => {
  test.each<[string, EcommpayAnswer]>([
    ['reset', registeredThen(lost)],
    ['500', registeredThen(() => new Response('x', { status: 500 }))],
    ['a page', registeredThen(() => new Response('<html>'))],
    ['3041, as if sent twice', registeredThen(refusedWith('3041'))],
    ['another id', registeredThen(() => Response.json({ status: 'success', payment_id: 'x' }))],
  ])('asked about at once: %s', async (_name, answer) => {
    const { id } = await sentWith(answer);
    await passPayout(rig, id, 2_000);
    expect(asks()).toBeGreaterThanOrEqual(1);
    expect(await state(id)).toBe('processing');
    edge.ecommpay.tell(id, known('success'));
    await passPayout(rig, id, 2 * HOUR);
    expect(await state(id)).toBe('paid');
    expect(sends()).toHaveLength(1);
  });

  test('not found ten minutes after the send: the same id and body again, and never before', async () => {
    const { id } = await sentWith(lost);
    await passPayout(rig, id, 9 * MINUTE);
    expect(sends()).toHaveLength(1);
    expect(asks()).toBeGreaterThanOrEqual(3);
    expect(await state(id)).toBe('unknown');
    await passPayout(rig, id, 2 * MINUTE);
    expect(sends()).toHaveLength(2);
    expect(sends()[1]?.raw).toBe(sends()[0]?.raw);
    expect(await state(id)).toBe('processing');
    expect(await payoutHistory(rig.deps, id)).toEqual([
      'attempt 1',
      'answer 1',
      'not_found',
      'not_found',
      'attempt 2',
      'answer 2',
    ]);
  });

  test.each(['3041', '3613', '504', '3028', '2642', '3104', '2606', '303'])(
    'a repeat that is refused with %s says nothing of the first send',
    async (code) => {
      const { batchId, id } = await sentWith(lost);
      edge.ecommpay.script.payout.push(refusedWith(code));
      await passPayout(rig, id, 9 * MINUTE);
      // The first one comes through late, just before the repeat.
      await passPayout(rig, id, 2 * MINUTE);
      expect(sends()).toHaveLength(2);
      expect(await state(id)).toMatch(/^(unknown|processing)/);
      edge.ecommpay.tell(id, known('success'));
      await passPayout(rig, id, HOUR);
      expect([await state(id), await booked(rig.deps, id)]).toEqual(['paid', [150_000]]);
      expect(sends()).toHaveLength(2);
      expect(
        await rig.deps.store.db
          .selectFrom('payout_batches')
          .select('state')
          .where('id', '=', batchId)
          .executeTakeFirst(),
      ).toEqual({ state: 'sending' });
    },
  );

  test('refused on the repeat, and still not to be found: a person’s, who may have the same sent once more', async () => {
    const { id } = await sentWith(lost);
    edge.ecommpay.script.payout.push(refusedWith('3028'));
    await passPayout(rig, id, 30 * MINUTE);
    expect(await state(id)).toBe('review refused_on_repeat');
    await passPayout(rig, id, 5 * HOUR);
    expect(sends()).toHaveLength(2);
    await drive(rig.test, sendOne(rig.deps, id, 'ana'), 10);
    expect(await state(id)).toBe('processing');
    expect([sends().length, new Set(sends().map(({ raw }) => raw)).size]).toEqual([3, 1]);
  });

  test('lost again and again: three requests, and ten minutes after the last a person, with an alarm', async () => {
    const { id } = await sentWith(lost, lost, lost, lost);
    await passPayout(rig, id, 29 * MINUTE);
    expect(sends()).toHaveLength(3);
    expect([await state(id), await alarms(rig.deps, id)]).toEqual(['unknown', []]);
    await passPayout(rig, id, 3 * MINUTE);
    expect(await state(id)).toBe('review not_found');
    expect(await alarms(rig.deps, id)).toEqual(['payout_in_review']);
    await passPayout(rig, id, 3 * HOUR);
    expect(sends()).toHaveLength(3);
    expect(new Set(sends().map(({ raw }) => raw)).size).toBe(1);
  });

  test('in review because it is not to be found, it is still asked about: one that comes up late is taken', async () => {
    const { id } = await sentWith(lost, lost, lost);
    await passPayout(rig, id, HOUR);
    expect(await state(id)).toBe('review not_found');
    edge.ecommpay.tell(id, known('success'));
    await passPayout(rig, id, 2 * HOUR);
    expect([await state(id), await booked(rig.deps, id)]).toEqual(['paid', [150_000]]);
    expect(await alarms(rig.deps, id)).toEqual([]);
  });

  test('in review because it is not to be found, staff may send the same again; lost again, it is a question again', async () => {
    const { batchId, id } = await sentWith(lost, lost, lost, lost);
    await passPayout(rig, id, HOUR);
    await send(batchId);
    expect(sends()).toHaveLength(3);
    await drive(rig.test, sendOne(rig.deps, id, 'ana'), 10);
    expect([await state(id), sends().length]).toEqual(['unknown', 4]);
    await passPayout(rig, id, 12 * MINUTE);
    expect([await state(id), sends().length]).toEqual(['review not_found', 4]);
    expect(await alarms(rig.deps, id)).toEqual(['payout_in_review']);
    await drive(rig.test, sendOne(rig.deps, id, 'ana'), 10);
    expect(await state(id)).toBe('processing');
    expect(new Set(sends().map(({ raw }) => raw)).size).toBe(1);
  });

  test('refusals for which it was held do not use up its repeats', async () => {
    const { batchId, id } = await sentWith(refusedWith('3028'));
    for (const answer of [refusedWith('3028'), refusedWith('3028'), lost]) {
      edge.ecommpay.script.payout.push(answer);
      await send(batchId);
    }
    await passPayout(rig, id, 12 * MINUTE);
    expect([await state(id), sends().length]).toEqual(['processing', 5]);
  });

  test('never known and never asked in time: at the cap it is a person’s', { timeout: 60_000 }, async () => {
    const { id } = await sentWith();
    edge.ecommpay.script.status.push(...Array.from({ length: 200 }, () => lost));
    await passPayout(rig, id, 49 * HOUR);
    expect(await state(id)).toBe('processing');
    await passPayout(rig, id, 3 * HOUR);
    expect(await state(id)).toBe('review time_cap');
  });

  test('with another project set, nothing is asked and nothing sent', async () => {
    const { id } = await sentWith(lost);
    const before = asks();
    const other = await makeEcommpayRig(() => edge, {
      test: rig.test,
      settings: { ECOMMPAY_PROJECT_ID: '581' },
    });
    await rig.test.advance(HOUR);
    expect(await settleOnce(other.deps, id, { ignoreDue: true })).toMatchObject({ kind: 'again' });
    expect([asks(), sends().length, await state(id)]).toEqual([before, 1, 'unknown']);
    expect(await alarms(rig.deps, 'project')).toEqual(['ecommpay_configuration']);
  });
});
