import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive, driveUntil } from '#e2e/rig/drive.ts';
import { type Edge, freshEdge, HOUR, MINUTE, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type EcommpayAnswer, refusedWith, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { acknowledgeAll, alarms } from '#e2e/rig/payments.ts';
import { booked, known, makeBatch, passPayout, payoutHistory, payoutRow } from '#e2e/rig/payouts.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { listPayouts } from '../ops/payout-list.ts';
import { sendBatch } from './send-batch.ts';

let edge: Edge;
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

const lost: EcommpayAnswer = () => Promise.reject(new Error('connection reset'));

async function sentWith(...answers: EcommpayAnswer[]): Promise<string> {
  const { batchId, ids } = await makeBatch(rig.deps);
  edge.ecommpay.script.payout.push(...answers);
  await drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10);
  return ids[0] ?? '';
}

const state = async (id: string) => {
  const { state: where, reason } = await payoutRow(rig.deps, id);
  return reason === null ? where : `${where} ${reason}`;
};

/** What callbacks may say of one payout, each in its own words. */
const CALLBACKS: Parameters<typeof known>[] = [
  ['processing'],
  ['external processing'],
  ['awaiting clarification'],
  ['success'],
  ['success', { operation: 591 }],
  ['success', { amount: 150_001 }],
  ['decline', { code: '20102' }],
  ['decline', { code: '3613' }],
  ['decline', { code: '20000', operation: 592 }],
  ['refunded'],
];

test('E3: callbacks in any order, some of them several times, leave one state and one booking', {
  timeout: 120_000,
}, async () => {
  const heard = async (indices: readonly number[]) => {
    const id = await sentWith();
    for (const index of indices) {
      const [status = '', changes] = CALLBACKS[index] ?? [];
      expect(await deliver(rig.deps, signedMessage(id, known(status, changes)))).toBe(200);
    }
    const sum = (await booked(rig.deps, id)).reduce((total, centavos) => total + centavos, 0);
    const facts = (await payoutHistory(rig.deps, id)).filter((kind) => kind === 'callback_said');
    return [await state(id), sum, facts.length];
  };
  const some = fc.uniqueArray(fc.nat(CALLBACKS.length - 1), { minLength: 1, maxLength: 5 });
  const orders = some.chain((set) =>
    fc.tuple(fc.constant(set), fc.shuffledSubarray([...set, ...set], { minLength: set.length * 2 })),
  );
  await fc.assert(
    fc.asyncProperty(orders, async ([set, other]) => {
      expect(await heard(other)).toEqual(await heard(set));
    }),
    { numRuns: 40 },
  );
});

describe('E3: a success that comes late is taken, whatever was said before, and flagged', () => {
  test.each<[string, EcommpayAnswer]>([
    ['refused for want of an earlier payment', refusedWith('2606')],
    ['refused as a duplicate', refusedWith('3613')],
    ['refused for want of balance', refusedWith('504')],
  ])('%s', async (_name, answer) => {
    const id = await sentWith(answer);
    expect(await state(id)).toMatch(/^(failed|held)/);
    await deliver(rig.deps, signedMessage(id, known('success')));
    expect([await state(id), await booked(rig.deps, id)]).toEqual(['paid', [150_000]]);
    expect(await alarms(rig.deps, id)).toContain('contradiction');
    const { batch_id: batchId } = await payoutRow(rig.deps, id);
    const [listed] = await listPayouts(rig.deps.store.db, { batchId, limit: 1 });
    expect(listed?.alarms).toContain('contradiction');
    const acknowledge = () => acknowledgeAll(rig.deps, id);
    expect(await acknowledge()).toContain('contradiction');
    expect([await alarms(rig.deps, id), await acknowledge()]).toEqual([[], []]);
  });
});

describe('E13: after an unanswered send, a repeat that is refused by callback says nothing of the first', () => {
  test.each([
    '3041',
    '3613',
    '504',
    '3028',
    '2642',
    '3104',
    '2606',
    '303',
    '310',
    '319',
    '402',
    '601',
    '702',
    '20504',
  ])('%s: asked about at once', async (code) => {
    const id = await sentWith(lost);
    await passPayout(rig, id, 11 * MINUTE);
    expect(edge.ecommpay.named('payout')).toHaveLength(2);
    edge.ecommpay.tell(id, known('processing'));
    const asked = edge.ecommpay.named('status').length;
    await deliver(rig.deps, signedMessage(id, known('decline', { code })));
    expect(await state(id)).toBe('processing');
    const asks = () => edge.ecommpay.named('status').length;
    await driveUntil(rig.test, asks, (count) => count > asked);
    edge.ecommpay.tell(id, known('success'));
    await passPayout(rig, id, 2 * HOUR);
    expect([await state(id), await booked(rig.deps, id)]).toEqual(['paid', [150_000]]);
    expect(await alarms(rig.deps, id)).toEqual([]);
  });

  test('declined as ECommPay itself answers, it is declined', async () => {
    const id = await sentWith(lost);
    await passPayout(rig, id, 11 * MINUTE);
    edge.ecommpay.tell(id, known('decline', { code: '3104' }));
    await deliver(rig.deps, signedMessage(id, known('decline', { code: '3104' })));
    await driveUntil(
      rig.test,
      () => state(id),
      (now) => now === 'declined 3104',
    );
    expect(await booked(rig.deps, id)).toEqual([]);
  });
});
