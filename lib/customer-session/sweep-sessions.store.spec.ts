import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { sha256Hex } from '../base/ids.ts';
import type { PaymentState } from '../db/schema.ts';
import { nowMs } from '../db/store.ts';
import { redeem } from './redeem.ts';
import { endSession, findSession } from './sessions.ts';
import { handOff, handOffRequest, rowOf } from './spec-helpers.ts';
import { sweepSessions } from './sweep-sessions.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('the sweeper calls nobody')));
});
afterAll(() => rig.close());

const sweep = () => sweepSessions(rig.deps);
const isSealed = async (row: string) => (await rowOf(rig.deps, row)).sealed_tokens !== null;

/** A payment of a session, in a state. */
async function makePayment(sessionRow: string, state: PaymentState, asking: 'yes' | 'hourly' | 'no' = 'yes') {
  const id = rig.deps.ids.key();
  await rig.deps.store.db
    .insertInto('payments')
    .values({
      id,
      order_id: rig.deps.ids.key(),
      session_id: sessionRow,
      rail: 'maya',
      amount_centavos: 100,
      state,
      asking,
      version: 1,
      pay_by: nowMs,
      next_ask_at: nowMs,
      opened_at: nowMs,
      updated_at: nowMs,
    })
    .execute();
  return id;
}

const becomes = (id: string, state: PaymentState) =>
  rig.deps.store.db.updateTable('payments').set({ state }).where('id', '=', id).execute();

describe('A3: an id that nobody redeemed', () => {
  async function orphan() {
    const hash = sha256Hex(await handOff(rig.deps));
    return () =>
      rig.deps.store.db
        .selectFrom('sessions')
        .selectAll()
        .where('session_id_hash', '=', hash)
        .executeTakeFirst();
  }

  test('keeps its tokens while it lives, loses them when it lapses, and its row ten minutes later', async () => {
    const row = await orphan();
    await rig.test.advance(2 * MINUTE - 1);
    await sweep();
    expect((await row())?.sealed_tokens).not.toBeNull();
    await rig.test.advance(1);
    await sweep();
    expect(await row()).toMatchObject({ sealed_tokens: null, redeemed_at: null });
    await rig.test.advance(10 * MINUTE - 1);
    await sweep();
    expect(await row()).toBeDefined();
    await rig.test.advance(1);
    await sweep();
    expect(await row()).toBeUndefined();
  });

  test('more of them than one turn takes are gone after a few', async () => {
    const template = await rowOf(rig.deps, (await makeSession(rig.deps)).row);
    const rows = Array.from({ length: 1_200 }, () => ({
      ...template,
      id: rig.deps.ids.key(),
      session_id_hash: rig.deps.ids.secret(),
      redeemed_at: null,
    }));
    for (let from = 0; from < rows.length; from += 400)
      await rig.deps.store.db
        .insertInto('sessions')
        .values(rows.slice(from, from + 400))
        .execute();
    await rig.test.advance(10 * MINUTE);
    const left = () =>
      rig.deps.store.db.selectFrom('sessions').select('id').where('redeemed_at', 'is', null).execute();
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await left()).not.toEqual([]);
      await sweep();
    }
    expect(await left()).toEqual([]);
  });

  test('one that was redeemed is none of these', async () => {
    const redemption = await redeem(rig.deps, await handOff(rig.deps), null);
    const row = redemption.kind === 'redeemed' ? redemption.sessionRow : '';
    await rig.test.advance(30 * MINUTE);
    await sweep();
    expect(await isSealed(row)).toBe(true);
    expect(await findSession(rig.deps.store.db, row)).toMatchObject({ live: true });
  });
});

describe('B12: a session that is over', () => {
  test('loses its tokens within a minute where no payment is open, and its row stays', async () => {
    const { row } = await makeSession(rig.deps);
    await endSession(rig.deps, row, 'replaced');
    await rig.test.advance(29_999);
    await sweep();
    expect(await isSealed(row)).toBe(true);
    await rig.test.advance(30_000);
    await sweep();
    expect(await rowOf(rig.deps, row)).toMatchObject({ sealed_tokens: null, end_reason: 'replaced' });
  });

  test.each<[PaymentState, 'yes' | 'hourly']>([
    ['creating', 'yes'],
    ['created', 'yes'],
    ['executing', 'yes'],
    ['review', 'hourly'],
    ['review', 'yes'],
  ])(
    'keeps them while a payment in %s is asked about (%s), and loses them when it is final',
    async (...open) => {
      const { row } = await makeSession(rig.deps);
      const payment = await makePayment(row, ...open);
      await endSession(rig.deps, row, 'refused');
      await rig.test.advance(HOUR);
      await sweep();
      expect(await isSealed(row)).toBe(true);
      await becomes(payment, 'approved');
      await sweep();
      expect(await isSealed(row)).toBe(false);
    },
  );

  test('keeps them while one of several payments is open', async () => {
    const { row } = await makeSession(rig.deps);
    await makePayment(row, 'declined');
    await makePayment(row, 'executing');
    await endSession(rig.deps, row, 'replaced');
    await rig.test.advance(MINUTE);
    await sweep();
    expect(await isSealed(row)).toBe(true);
  });

  test.each<[PaymentState, 'yes' | 'no']>([
    ['approved', 'yes'],
    ['declined', 'yes'],
    ['failed', 'yes'],
    ['review', 'no'],
  ])('loses them with a payment in %s that is asked about no more (%s)', async (...closed) => {
    const { row } = await makeSession(rig.deps);
    await makePayment(row, ...closed);
    await endSession(rig.deps, row, 'replaced');
    await rig.test.advance(MINUTE);
    await sweep();
    expect(await isSealed(row)).toBe(false);
  });

  test('another session’s payment keeps nothing', async () => {
    const [mine, yours] = [await makeSession(rig.deps), await makeSession(rig.deps)];
    await makePayment(yours.row, 'executing');
    for (const { row } of [mine, yours]) await endSession(rig.deps, row, 'replaced');
    await rig.test.advance(MINUTE);
    await sweep();
    expect([await isSealed(mine.row), await isSealed(yours.row)]).toEqual([false, true]);
  });
});

describe('a session that its customer left', () => {
  test('is over a day after its token ended, and its tokens go', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 10 * MINUTE });
    await rig.test.advance(24 * HOUR + 10 * MINUTE);
    await sweep();
    expect(await findSession(rig.deps.store.db, row)).toMatchObject({ live: true });
    await rig.test.advance(1);
    await sweep();
    expect(await rowOf(rig.deps, row)).toMatchObject({ end_reason: 'idle' });
    await rig.test.advance(MINUTE);
    await sweep();
    expect(await isSealed(row)).toBe(false);
  });

  test('A1: is not one that was handed over with an expiry long past', async () => {
    const text = JSON.stringify({ accessToken: 'a.0', refreshToken: 'r.0', expiresAt: 1 });
    const answer = await rig.deps.sessionUrl.receive(rig.deps, handOffRequest({ text }));
    const redemption = await redeem(rig.deps, answer.status === 200 ? answer.sessionId : '', null);
    const row = redemption.kind === 'redeemed' ? redemption.sessionRow : '';
    await rig.test.advance(HOUR);
    await sweep();
    expect(await findSession(rig.deps.store.db, row)).toMatchObject({ live: true });
    await rig.test.advance(24 * HOUR);
    await sweep();
    expect(await findSession(rig.deps.store.db, row)).toMatchObject({ live: false });
  });

  test('is over only in that its tokens end: an unsettled payment keeps them', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 10 * MINUTE });
    await makePayment(row, 'executing');
    await rig.test.advance(25 * HOUR);
    await sweep();
    await rig.test.advance(MINUTE);
    await sweep();
    expect(await rowOf(rig.deps, row)).toMatchObject({ end_reason: 'idle' });
    expect(await isSealed(row)).toBe(true);
  });
});
