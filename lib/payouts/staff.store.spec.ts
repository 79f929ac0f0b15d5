import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { type Edge, freshEdge, HOUR, MINUTE, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, refusedWith, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import { alarms } from '#e2e/rig/payments.ts';
import { booked, known, makeBatch, NUMBER, passPayout, payoutRow } from '#e2e/rig/payouts.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { nowMs } from '../db/store.ts';
import { openPayoutDossier } from '../ops/payout-dossier.ts';
import { listBatches, listPayouts, openBatches } from '../ops/payout-list.ts';
import { loadEvents } from './payout.ts';
import { sendBatch } from './send-batch.ts';
import { askAgain, decide } from './staff.ts';
import { followDuePayouts, sweepPayouts } from './sweeper.ts';

let edge: Edge;
let rig: Rig;
const ana = { actor: 'Ana Reyes', evidence: 'Dashboard: success' };

beforeAll(async () => {
  rig = await makeEcommpayRig(() => edge);
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

const staffDeps = () => ({ ...rig.deps, sendLimitMs: 30_000, limitMs: 48 * HOUR });
const lost = () => Promise.reject(new Error('reset'));

const storeNow = async () =>
  (await rig.deps.store.db.selectNoFrom(nowMs.as('now')).executeTakeFirstOrThrow()).now;

async function one(...answers: Parameters<typeof edge.ecommpay.script.payout.push>) {
  const { batchId, ids } = await makeBatch(rig.deps);
  const id = ids[0] ?? '';
  edge.ecommpay.script.payout.push(...answers);
  return {
    id,
    batchId,
    send: () => drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10),
    row: () => payoutRow(rig.deps, id),
    version: async () => (await payoutRow(rig.deps, id)).version,
  };
}

describe('a person decides', () => {
  test('what no machine learned; it is booked, audited and never sent again', async () => {
    const { id, send, row, version, batchId } = await one(lost);
    await send();
    expect(await decide(staffDeps(), id, 'paid', (await version()) - 1, ana)).toBe('changed');
    expect(await decide(staffDeps(), id, 'paid', await version(), ana)).toMatchObject({ state: 'paid' });
    expect(await booked(rig.deps, id)).toEqual([150_000]);
    await passPayout(rig, id, HOUR);
    await send();
    expect(edge.ecommpay.named('payout')).toHaveLength(1);
    const dossier = await openPayoutDossier(rig.deps.store.db, rig.deps.payouts.keys, id, 48 * HOUR);
    expect(dossier?.audit.map(({ action }) => action)).toContain('payout.decide paid');
    expect(dossier?.recipient).toEqual({ number: '09•••••••67', name: 'J••• D••• C•••' });
    expect(JSON.stringify(dossier)).not.toContain(NUMBER);
    expect(await row()).toMatchObject({ batch_id: batchId, confirmed_by: 'staff' });
  });

  test('not paid, and then ECommPay says it was: paid, booked, alarmed', async () => {
    const { id, send, version } = await one(lost);
    await send();
    await rig.test.advance(51 * HOUR);
    await decide(staffDeps(), id, 'not_paid', await version(), ana);
    expect(await booked(rig.deps, id)).toEqual([]);
    await deliver(rig.deps, signedMessage(id, known('success')));
    expect([await booked(rig.deps, id), await alarms(rig.deps, id)]).toEqual([[150_000], ['contradiction']]);
  });

  test('paid, and then ECommPay declines: a question again, and the booking is taken back', async () => {
    const { id, send, version, row } = await one(lost);
    await send();
    await decide(staffDeps(), id, 'paid', await version(), ana);
    await deliver(rig.deps, signedMessage(id, known('decline')));
    expect(await row()).toMatchObject({ state: 'review', reason: 'contradiction' });
    expect(await booked(rig.deps, id)).toEqual([150_000, -150_000]);
  });

  test('what was never sent can be withdrawn, not paid', async () => {
    const { id, send, row } = await one();
    expect(await decide(staffDeps(), id, 'paid', 0, ana)).toBe('never_sent');
    expect(await decide(staffDeps(), id, 'not_paid', 0, ana)).toMatchObject({ state: 'failed' });
    await send();
    expect(edge.ecommpay.calls).toEqual([]);
    expect(await row()).toMatchObject({ state: 'failed', reason: 'staff' });
  });

  test('E13: not paid of what ECommPay may still pay is refused, and from when on it is not', async () => {
    const { id, send, row, version } = await one();
    await send();
    const [recorded] = await loadEvents(rig.deps.store.db, id);
    const fromMs = Number(recorded?.recordedAtMs) + 50 * HOUR;
    expect(await decide(staffDeps(), id, 'not_paid', await version(), ana)).toEqual({
      kind: 'too_early',
      fromMs,
    });
    expect((await row()).staff_decided).toBe(0);
    const at = async (ms: number) => rig.test.advance(ms - (await storeNow()));
    await at(fromMs - 1);
    expect(await decide(staffDeps(), id, 'not_paid', await version(), ana)).toMatchObject({
      kind: 'too_early',
    });
    await at(fromMs);
    expect(await decide(staffDeps(), id, 'not_paid', await version(), ana)).toMatchObject({
      state: 'failed',
    });
  });

  test('E13: a repeat begins the time anew; the first send does not end it', async () => {
    const { id, send, version } = await one(lost);
    await send();
    await rig.test.advance(40 * HOUR);
    await passPayout(rig, id, 2 * HOUR);
    expect(edge.ecommpay.named('payout')).toHaveLength(2);
    await rig.test.advance(15 * HOUR);
    expect(await decide(staffDeps(), id, 'not_paid', await version(), ana)).toMatchObject({
      kind: 'too_early',
    });
  });

  test('paid of what is under way is taken at once, and so is not paid of what was refused or declined', async () => {
    const taken = await one();
    await taken.send();
    expect(await decide(staffDeps(), taken.id, 'paid', await taken.version(), ana)).toMatchObject({
      state: 'paid',
    });
    const held = await one(refusedWith('3613'));
    await held.send();
    expect(await decide(staffDeps(), held.id, 'not_paid', await held.version(), ana)).toMatchObject({
      state: 'failed',
    });
    const declined = await one();
    await declined.send();
    await decide(staffDeps(), declined.id, 'paid', await declined.version(), ana);
    await deliver(rig.deps, signedMessage(declined.id, known('decline')));
    expect(await decide(staffDeps(), declined.id, 'not_paid', await declined.version(), ana)).toMatchObject({
      state: 'failed',
    });
  });

  test('not of what has its end, where that would change nothing', async () => {
    const paid = await one();
    await paid.send();
    await deliver(rig.deps, signedMessage(paid.id, known('success')));
    for (const decision of ['paid', 'not_paid'] as const)
      expect(await decide(staffDeps(), paid.id, decision, await paid.version(), ana)).toBe('is_paid');
    const failed = await one(refusedWith('2606'));
    await failed.send();
    expect(await decide(staffDeps(), failed.id, 'not_paid', await failed.version(), ana)).toBe('is_not_paid');
    // It was sent, refused, and paid by hand: and whoever was wrong about that may say so.
    const hand = await one();
    await hand.send();
    await deliver(rig.deps, signedMessage(hand.id, known('decline')));
    for (const [decision, state] of [
      ['paid', 'paid'],
      ['not_paid', 'failed'],
    ] as const)
      expect(await decide(staffDeps(), hand.id, decision, await hand.version(), ana)).toMatchObject({
        state,
      });
  });

  test('E13: what others sent under our id is not ours to end before its time either', async () => {
    const { id, version } = await one();
    await deliver(rig.deps, signedMessage(id, known('processing')));
    expect(await decide(staffDeps(), id, 'not_paid', await version(), ana)).toMatchObject({
      kind: 'too_early',
    });
  });

  test('E13: what ECommPay did not know when it would have known ours, others sent: its time begins when it is heard of', {
    timeout: 60_000,
  }, async () => {
    const { id, send, row, version } = await one(lost, lost, lost);
    await send();
    await passPayout(rig, id, 45 * HOUR);
    expect(await row()).toMatchObject({ state: 'review', reason: 'not_found' });
    edge.ecommpay.tell(id, known('processing'));
    await passPayout(rig, id, 7 * HOUR);
    const result = await decide(staffDeps(), id, 'not_paid', await version(), ana);
    expect(result).toMatchObject({ kind: 'too_early' });
  });

  test('not while a request is on the wire', async () => {
    const { id, send, version } = await one(async (call, fake) => {
      expect(await decide(staffDeps(), id, 'not_paid', await version(), ana)).toBe('on_the_wire');
      return fake.well(call);
    });
    await send();
    expect(await decide(staffDeps(), 'nobody', 'paid', 0, ana)).toBe('not_found');
  });
});

test('asking again asks at the next turn; where asking tells nothing, it says so', async () => {
  const { id, send } = await one();
  expect(await askAgain(staffDeps(), id, ana)).toBe('nothing_to_ask');
  await send();
  edge.ecommpay.tell(id, known('success'));
  expect(await askAgain(staffDeps(), id, ana)).toBe('asked');
  await passPayout(rig, id, 2_000);
  expect((await payoutRow(rig.deps, id)).state).toBe('paid');
  expect(await askAgain(staffDeps(), id, ana)).toBe('nothing_to_ask');
  expect(await askAgain(staffDeps(), 'nobody', ana)).toBe('not_found');
});

test('what was refused as a duplicate can be looked up before it is decided', async () => {
  const { id, send, row } = await one(refusedWith('3613'));
  await send();
  expect(await askAgain(staffDeps(), id, ana)).toBe('asked');
  await passPayout(rig, id, 2_000);
  expect(await row()).toMatchObject({ state: 'held', asking: 'no' });
  edge.ecommpay.tell(id, known('success'));
  expect(await askAgain(staffDeps(), id, ana)).toBe('asked');
  await passPayout(rig, id, 2_000);
  expect([(await row()).state, await booked(rig.deps, id)]).toEqual(['paid', [150_000]]);
});

describe('the sweeper', () => {
  test('finds out what a process left that died before the answer, and never makes a first send', async () => {
    const left = await one();
    const ready = await one();
    await rig.deps.store.transaction(async (tx) => {
      await sql`update payout_batches set state = 'sending' where id in (${left.batchId}, ${ready.batchId})`.execute(
        tx,
      );
    });
    // Killed between the commit and the send: the request never left.
    const dies = { ...rig.deps, reach: () => Promise.reject(new Error('killed')) };
    await expect(sendBatch(dies, left.batchId, 'ana')).rejects.toThrow('killed');
    expect(await left.row()).toMatchObject({ state: 'unknown' });
    expect(edge.ecommpay.calls).toEqual([]);
    await rig.test.advance(11 * MINUTE);
    const stop = new AbortController();
    const next = await makeEcommpayRig(() => edge, { test: rig.test });
    const swept = sweepPayouts({ ...next.deps, stopping: stop.signal });
    await drive(
      rig.test,
      (async () => {
        while ((await left.row()).state !== 'processing') await rig.test.clock.sleep(500);
        stop.abort();
      })(),
    );
    await swept;
    const mine = edge.ecommpay.calls.filter(({ paymentId }) => paymentId === left.id);
    expect(mine.map(({ name }) => name)).toEqual(['status', 'payout']);
    expect(edge.ecommpay.named('payout')).toHaveLength(1);
    expect(await ready.row()).toMatchObject({ state: 'ready' });
  });

  test('with the rail off, nothing is asked and nothing forgotten', async () => {
    const { id, send } = await one(lost);
    await send();
    const asked = edge.ecommpay.calls.length;
    await rig.test.advance(HOUR);
    const off = { ...rig.deps, payouts: { ...rig.deps.payouts, rail: null } };
    await followDuePayouts(off, { alsoUnknown: true });
    expect(edge.ecommpay.calls).toHaveLength(asked);
    expect((await payoutRow(rig.deps, id)).state).toBe('unknown');
  });
});

test('lists show batches by what became of their payouts', async () => {
  const { batchId, ids } = await makeBatch(rig.deps, 3);
  edge.ecommpay.script.payout.push(refusedWith('2606'));
  await drive(rig.test, sendBatch(rig.deps, batchId, 'ana'), 10);
  const batch = (await listBatches(rig.deps.store.db, 50)).find((found) => found.batchId === batchId);
  expect(batch).toMatchObject({
    createdBy: 'ana',
    states: [
      { state: 'failed', count: 1, centavos: 150_000 },
      { state: 'processing', count: 2, centavos: 300_000 },
    ],
  });
  const failed = await listPayouts(rig.deps.store.db, { batchId, states: ['failed'], limit: 10 });
  expect(failed).toMatchObject([{ state: 'failed', reason: '2606' }]);
  expect(ids).toContain(failed[0]?.payoutId);
});

test('what is to be sent is found however many batches came after it', async () => {
  const { db } = rig.deps.store;
  await db.deleteFrom('payout_events').execute();
  await db.deleteFrom('payouts').execute();
  const { batchId } = await makeBatch(rig.deps);
  await rig.test.advance(1);
  for (let count = 0; count < 3; count += 1) {
    const later = await makeBatch(rig.deps);
    await drive(rig.test, sendBatch(rig.deps, later.batchId, 'ana'), 10);
  }
  expect((await listBatches(db, 3)).map((batch) => batch.batchId)).not.toContain(batchId);
  expect(await openBatches(db)).toEqual([batchId]);
  await makeBatch(rig.deps);
  expect(await openBatches(db)).toHaveLength(2);
});
