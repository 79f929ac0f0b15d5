import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { asleepAt } from '#e2e/rig/asleep.ts';
import { drive } from '#e2e/rig/drive.ts';
import { type Edge, freshEdge, HOUR, MINUTE, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { refusedWith } from '#e2e/rig/fake-ecommpay.ts';
import { alarms } from '#e2e/rig/payments.ts';
import { booked, known, makeBatch, passPayout, payoutHistory, payoutRow } from '#e2e/rig/payouts.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { sendBatch, sendOne } from './send-batch.ts';
import { sendPayout } from './send-payout.ts';
import { settleOnce } from './settle.ts';
import { decide } from './staff.ts';

let edge: Edge;
let rig: Rig;

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

const sends = () => edge.ecommpay.named('payout').length;
const staff = { actor: 'ana', evidence: 'Dashboard: looked it up' };
const staffDeps = () => ({ ...rig.deps, sendLimitMs: MINUTE, limitMs: 48 * HOUR });

/** A process that stands still between the store's answer to its last question and hearing it. */
function deafAfterAsking() {
  const arrived = Promise.withResolvers<void>();
  const awake = Promise.withResolvers<void>();
  let isNext = false;
  const heardLate = <Query extends object>(query: Query): Query =>
    new Proxy(query, {
      get(target, name) {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const result: unknown = Reflect.apply(value, target, args);
          if (name === 'selectFrom' || name === 'select' || name === 'where')
            return heardLate(result as object);
          if (name !== 'executeTakeFirst' || !isNext) return result;
          isNext = false;
          return (result as Promise<unknown>).then(async (row) => {
            arrived.resolve();
            await awake.promise;
            return row;
          });
        };
      },
    });
  const { store } = rig.deps;
  const deps = {
    ...rig.deps,
    store: {
      ...store,
      db: heardLate(store.db),
      transaction: store.transaction.bind(store),
    },
    reach: (point: string) => {
      if (point === 'payout.recorded') isNext = true;
      return undefined;
    },
  };
  return { deps, arrived: arrived.promise, wake: () => awake.resolve() };
}

/** A payout whose process stands still between recording the request and sending it. */
async function sentAsleep() {
  const { batchId, ids } = await makeBatch(rig.deps);
  const id = ids[0] ?? '';
  const process = asleepAt(rig, 'payout.recorded');
  const sent = sendBatch(process.deps, batchId, 'ana');
  await process.arrived;
  return {
    batchId,
    id,
    wake: () => {
      process.wake();
      return drive(rig.test, sent, 10);
    },
  };
}

describe('a process that stood still between recording a payout’s request and sending it', () => {
  test('sends it where nobody else took it over', async () => {
    const { id, wake } = await sentAsleep();
    await wake();
    expect([sends(), (await payoutRow(rig.deps, id)).state]).toEqual([1, 'processing']);
  });

  test('sends nothing beside the repeat of another', async () => {
    const { id, wake } = await sentAsleep();
    await passPayout(rig, id, 12 * MINUTE);
    expect(sends()).toBe(1);
    await wake();
    expect(sends()).toBe(1);
    edge.ecommpay.tell(id, known('success'));
    await passPayout(rig, id, 26 * HOUR);
    expect([await booked(rig.deps, id), sends()]).toEqual([[150_000], 1]);
  });

  test('sends nothing after a person decided that it was not paid, and may have paid it in another way', {
    timeout: 60_000,
  }, async () => {
    const { id, wake } = await sentAsleep();
    // Nobody reached ECommPay all the time, neither to ask nor to send again.
    await rig.test.advance(51 * HOUR);
    const { version } = await payoutRow(rig.deps, id);
    const decided = await decide(staffDeps(), id, 'not_paid', version, staff);
    expect(decided).toMatchObject({ state: 'failed', confirmedBy: 'staff' });
    await wake();
    expect([sends(), (await payoutRow(rig.deps, id)).state]).toEqual([0, 'failed']);
    expect((await payoutHistory(rig.deps, id)).at(-1)).toBe('answer 1');
  });

  test('and lost its lease while nobody sent it: it never left, and the next send takes it', async () => {
    const { batchId, id, wake } = await sentAsleep();
    await rig.test.advance(2 * MINUTE);
    await settleOnce(rig.deps, id, { ignoreDue: true });
    const result = await wake();
    // Nobody would know of it otherwise: the batch stops, with an alarm.
    expect([sends(), result?.stopped]).toEqual([0, 'stood_still']);
    expect(await payoutRow(rig.deps, id)).toMatchObject({ state: 'ready', reason: 'stood_still' });
    expect(await alarms(rig.deps, batchId)).toEqual(['payout_batch_stopped']);
    await drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10);
    expect([sends(), (await payoutRow(rig.deps, id)).state]).toEqual([1, 'processing']);
    expect(await alarms(rig.deps, batchId)).toEqual([]);
  });

  test('nor does the server’s repeat, if that stood still as well: the batch stops, with an alarm', async () => {
    const { batchId, id, wake } = await sentAsleep();
    await rig.test.advance(11 * MINUTE);
    const server = asleepAt(rig, 'payout.recorded');
    const settling = settleOnce(server.deps, id, { ignoreDue: true });
    await server.arrived;
    await wake();
    await rig.test.advance(2 * MINUTE);
    server.wake();
    await drive(rig.test, settling, 10);
    expect([sends(), (await payoutRow(rig.deps, id)).state]).toEqual([0, 'ready']);
    expect(await alarms(rig.deps, batchId)).toEqual(['payout_batch_stopped']);
  });

  test('and a person took what it had recorded for paid: a question again', async () => {
    const { id, wake } = await sentAsleep();
    await rig.test.advance(2 * MINUTE);
    const { version } = await payoutRow(rig.deps, id);
    expect(await decide(staffDeps(), id, 'paid', version, staff)).toMatchObject({ state: 'paid' });
    await wake();
    expect(await payoutRow(rig.deps, id)).toMatchObject({ state: 'review', reason: 'contradiction' });
    expect(await alarms(rig.deps, id)).toContain('contradiction');
    const total = (await booked(rig.deps, id)).reduce((sum, centavos) => sum + centavos, 0);
    expect([sends(), total]).toEqual([0, 0]);
  });

  test('sends nothing by a yes that the store gave long before it was heard', async () => {
    const { batchId, ids } = await makeBatch(rig.deps);
    const id = ids[0] ?? '';
    const process = deafAfterAsking();
    const sent = sendBatch(process.deps, batchId, 'ana');
    await process.arrived;
    await rig.test.advance(51 * HOUR);
    const { version } = await payoutRow(rig.deps, id);
    expect(await decide(staffDeps(), id, 'not_paid', version, staff)).toMatchObject({ state: 'failed' });
    process.wake();
    await drive(rig.test, sent, 10);
    expect([sends(), (await payoutRow(rig.deps, id)).state]).toEqual([0, 'failed']);
  });

  test('what was refused before keeps its reason where its next request never left', async () => {
    const { batchId, ids } = await makeBatch(rig.deps);
    const id = ids[0] ?? '';
    edge.ecommpay.script.payout.push(refusedWith('3613'));
    await drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10);
    const process = asleepAt(rig, 'payout.recorded');
    const sent = sendOne(process.deps, id, 'ana');
    await process.arrived;
    await rig.test.advance(2 * MINUTE);
    process.wake();
    expect(await drive(rig.test, sent, 10)).toMatchObject({ kind: 'sent', left: false });
    expect(await payoutRow(rig.deps, id)).toMatchObject({ state: 'held', reason: 'duplicate' });
    expect(await alarms(rig.deps, id)).toContain('payout_duplicate');
    // So it goes out by its own id only.
    await drive(rig.test, sendBatch(rig.deps, batchId, 'ben'), 10);
    expect(sends()).toBe(1);
  });

  test('nor does a repeat that stood still leave beside another', async () => {
    const { batchId, ids } = await makeBatch(rig.deps);
    const id = ids[0] ?? '';
    edge.ecommpay.script.payout.push(() => Promise.reject(new Error('connection reset')));
    await drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10);
    await rig.test.advance(11 * MINUTE);
    const process = asleepAt(rig, 'payout.recorded');
    const settling = settleOnce(process.deps, id, { ignoreDue: true });
    await process.arrived;
    await passPayout(rig, id, 12 * MINUTE);
    expect(sends()).toBe(2);
    process.wake();
    await drive(rig.test, settling, 10);
    expect(sends()).toBe(2);
    expect(await sendPayout(rig.deps, id)).toEqual({ kind: 'not_sent', why: 'not_ready' });
  });
});
