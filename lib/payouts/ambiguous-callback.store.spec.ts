import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive, driveUntil } from '#e2e/rig/drive.ts';
import { type Edge, freshEdge, HOUR, MINUTE, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, type EcommpayAnswer, type Known, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { acknowledgeAll, alarms } from '#e2e/rig/payments.ts';
import { booked, known, makeBatch, passPayout, payoutRow } from '#e2e/rig/payouts.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { sendBatch } from './send-batch.ts';
import { decide } from './staff.ts';
import { sweepPayouts } from './sweeper.ts';

/** What comes of a callback whose signature fits another message too, for a payout that nobody asks about any more. */

let edge: Edge;
let rig: Rig;
beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

const AMBIGUOUS = 'Approved; manual change';
const ana = { actor: 'Ana Reyes', evidence: 'Dashboard: declined' };
const lost: EcommpayAnswer = () => Promise.reject(new Error('reset'));

/** A payout that ECommPay took. */
async function sent() {
  const { batchId, ids } = await makeBatch(rig.deps);
  const id = ids[0] ?? '';
  await drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10);
  return {
    id,
    says: (status: string, changes: Partial<Known> = {}) =>
      deliver(rig.deps, signedMessage(id, known(status, changes))),
    /** So it is now at ECommPay, which says so in an ambiguous callback, and when it is asked. */
    becomes: (status: string, changes: Partial<Known> = {}, deps = rig.deps) => {
      edge.ecommpay.tell(id, known(status, changes));
      return deliver(deps, signedMessage(id, known(status, { message: AMBIGUOUS, ...changes })));
    },
    asked: () => edge.ecommpay.calls.filter((call) => call.name === 'status' && call.paymentId === id).length,
    alarms: () => alarms(rig.deps, id),
    state: async () => (await payoutRow(rig.deps, id)).state,
    asking: async () => (await payoutRow(rig.deps, id)).asking,
  };
}

type Sent = Awaited<ReturnType<typeof sent>>;

/** Ways in which a payout ends so that nobody asks about it any more. */
const ENDS: [string, string, (payout: Sent) => Promise<unknown>][] = [
  ['declined', 'declined', ({ says }) => says('decline', { code: '20102' })],
  [
    'ended as error',
    'failed',
    ({ id }) => {
      edge.ecommpay.tell(id, known('error'));
      return passPayout(rig, id, 25 * HOUR);
    },
  ],
  [
    'called not paid by a person',
    'failed',
    async ({ id }) => {
      await passPayout(rig, id, 51 * HOUR);
      const { version } = await payoutRow(rig.deps, id);
      await decide({ ...rig.deps, sendLimitMs: 30_000, limitMs: 48 * HOUR }, id, 'not_paid', version, ana);
    },
  ],
];

async function ended(end = ENDS[0]?.[2]): Promise<Sent> {
  const payout = await sent();
  await end?.(payout);
  expect(await payout.asking()).toBe('no');
  return payout;
}

describe('E18: an ambiguous success of a payout that has ended', () => {
  test.each(ENDS)(
    '%s: comes to what a readable one comes to',
    { timeout: 60_000 },
    async (_name, state, end) => {
      const clear = await ended(end);
      const ambiguous = await ended(end);
      expect([await clear.state(), await ambiguous.state()]).toEqual([state, state]);
      expect(await clear.says('success')).toBe(200);
      expect(await ambiguous.becomes('success')).toBe(200);
      await expect.poll(ambiguous.state).toBe('paid');
      for (const { id, alarms: raised, asking } of [clear, ambiguous]) {
        expect([await raised(), await booked(rig.deps, id)]).toEqual([['contradiction'], [150_000]]);
        expect(await asking()).toBe('no');
      }
    },
  );

  test('asking is durable with the acknowledgement: the process dies, and the next one asks', async () => {
    const { becomes, state } = await ended();
    let dead = false;
    const dying = {
      ...rig.deps,
      reach: (point: string) => {
        dead ||= point === 'payout.said';
        return dead ? new Promise<void>(() => {}) : undefined;
      },
    };
    void becomes('success', {}, dying);
    await expect.poll(() => dead).toBe(true);
    expect(await state()).toBe('declined');
    const next = await makeEcommpayRig(() => edge, { test: rig.test });
    const sweeping = sweepPayouts(next.deps);
    await driveUntil(rig.test, state, (now) => now === 'paid');
    next.deps.stop.abort();
    await drive(rig.test, sweeping);
  });
});

test('E18: an ambiguous callback of a second operation of a paid payout raises its alarm', async () => {
  const { becomes, alarms: raised, id } = await ended(({ says }) => says('success'));
  const operations = [590, 591].map((operation) => ({ id: operation, type: 'payout', status: 'success' }));
  expect(await becomes('success', { operation: 591, operations })).toBe(200);
  await expect.poll(raised).toEqual(['second_operation']);
  expect(await booked(rig.deps, id)).toEqual([150_000]);
});

describe('E18: asking about an ambiguous callback ends', () => {
  test('with the answer: the same callback again is not asked about again', async () => {
    const { becomes, asked, id, state, asking } = await ended();
    const count = asked() + 1;
    expect(await becomes('decline', { code: '20102' })).toBe(200);
    await expect.poll(asking).toBe('no');
    for (let again = 0; again < 5; again += 1) await becomes('decline', { code: '20102' });
    await passPayout(rig, id, 2 * HOUR);
    expect([asked(), await state()]).toEqual([count, 'declined']);
  });

  test('after a day without any answer, with an alarm, each time', { timeout: 60_000 }, async () => {
    const { becomes, asked, id, state, asking, alarms: raised } = await ended();
    for (const message of [AMBIGUOUS, 'Approved; second manual change']) {
      const before = asked();
      edge.ecommpay.script.status = Array.from({ length: 100 }, () => lost);
      expect(await becomes('success', { message })).toBe(200);
      await passPayout(rig, id, MINUTE);
      expect(asked() - before).toBeGreaterThan(5);
      await passPayout(rig, id, 23 * HOUR);
      expect([await raised(), await state()]).toEqual([[], 'declined']);
      await passPayout(rig, id, 3 * HOUR);
      expect([await raised(), await state(), await asking()]).toEqual([
        ['status_unanswered'],
        'declined',
        'no',
      ]);
      expect(asked() - before).toBeLessThan(50);
      expect(await acknowledgeAll(rig.deps, id)).toEqual(['status_unanswered']);
    }
  });

  test('also where another project is set, which is never asked', async () => {
    const { becomes, id, alarms: raised, asked, state, asking } = await ended();
    const other = await makeEcommpayRig(() => edge, {
      test: rig.test,
      settings: { ECOMMPAY_PROJECT_ID: '581' },
    });
    const count = asked();
    expect(await becomes('success', {}, other.deps)).toBe(200);
    await passPayout(other, id, 28 * HOUR);
    expect([asked(), await state(), await raised()]).toEqual([count, 'declined', ['status_unanswered']]);
    expect(await asking()).toBe('no');
  });
});

test.each<[string, string, Partial<Known>]>([
  ['another project', 'processing', { project: 581 }],
  ['another type', 'processing', { type: 'purchase' }],
  ['that more data is wanted', 'awaiting clarification', {}],
])('E18: an ambiguous callback that says %s decides nothing', async (_name, status, changes) => {
  const { id, asked, alarms: raised } = await sent();
  edge.ecommpay.tell(id, known('processing'));
  const body = signedMessage(id, known(status, { message: AMBIGUOUS, ...changes }));
  expect(await deliver(rig.deps, body)).toBe(200);
  await expect.poll(asked).toBe(1);
  expect(await payoutRow(rig.deps, id)).toMatchObject({ state: 'processing', reason: null });
  expect(await raised()).toEqual([]);
});
