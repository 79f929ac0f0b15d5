import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { type Redemption, redeem } from './redeem.ts';
import { endSession, findSession } from './sessions.ts';
import { besideStatements, handOff, rowOf } from './spec-helpers.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('redeeming calls nobody')));
});
afterAll(() => rig.close());

/** Asserts that one of them won and the others heard that they were late; the winner's row. */
function onlyWinner(redemptions: Redemption[]): string {
  const [winner, ...more] = redemptions.filter((redemption) => redemption.kind === 'redeemed');
  expect(more).toEqual([]);
  expect(redemptions.filter((redemption) => redemption !== winner)).toEqual(
    Array.from({ length: redemptions.length - 1 }, () => ({ kind: 'refused', reason: 'used' })),
  );
  if (!winner) throw new Error('nobody won');
  return winner.sessionRow;
}

test('A8: of twenty that open one id at once, one wins', async () => {
  const sessionId = await handOff(rig.deps);
  const redemptions = await Promise.all(Array.from({ length: 20 }, () => redeem(rig.deps, sessionId, null)));
  const row = await rowOf(rig.deps, onlyWinner(redemptions));
  expect(row.redeemed_at).toBe(rig.test.clock.now());
});

test('A8: in whatever order their statements meet, one wins and only its old session is replaced', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, webviews) => {
      const sessionId = await handOff(rig.deps);
      const paused = besideStatements(rig.deps, { after: () => scheduler.schedule(Promise.resolve()) });
      const held = await Promise.all(Array.from({ length: webviews }, () => makeSession(rig.deps)));
      const redemptions = await scheduler.waitFor(
        Promise.all(held.map((session) => redeem(paused, sessionId, session.row))),
      );
      const winner = await rowOf(rig.deps, onlyWinner(redemptions));
      const rows = await Promise.all(held.map((session) => rowOf(rig.deps, session.row)));
      const replaced = rows.filter((row) => row.end_reason === 'replaced').map((row) => row.id);
      expect(replaced).toEqual([winner.replaced_session_id]);
    }),
    { numRuns: 25 },
  );
});

test('A8: the same id from two processes on one store', async () => {
  const other = await makeRig(() => Promise.reject(new Error('redeeming calls nobody')), { test: rig.test });
  const sessionId = await handOff(rig.deps);
  onlyWinner(await Promise.all([redeem(rig.deps, sessionId, null), redeem(other.deps, sessionId, null)]));
});

describe('a webview that held a session already', () => {
  async function redeemed(sessionId: string, heldRow: string | null): Promise<string> {
    const redemption = await redeem(rig.deps, sessionId, heldRow);
    if (redemption.kind !== 'redeemed') throw new Error(redemption.kind);
    return redemption.sessionRow;
  }

  test('A5, A12, A21: a new id replaces it, whoever it belonged to, and nobody sees its pages any more', async () => {
    const before = await makeSession(rig.deps, { customerId: 'maria' });
    const after = await redeemed(await handOff(rig.deps), before.row);
    expect(await findSession(rig.deps.store.db, before.row)).toBeNull();
    expect(await rowOf(rig.deps, before.row)).toMatchObject({
      ended_at: rig.test.clock.now(),
      end_reason: 'replaced',
    });
    expect(await findSession(rig.deps.store.db, after)).toEqual({
      row: after,
      replacedRow: before.row,
      customerId: null,
      accountHolder: null,
      live: true,
    });
  });

  test('A12: its tokens stay until no payment needs them', async () => {
    const before = await makeSession(rig.deps);
    const { sealed_tokens: sealed } = await rowOf(rig.deps, before.row);
    await redeemed(await handOff(rig.deps), before.row);
    expect((await rowOf(rig.deps, before.row)).sealed_tokens).toBe(sealed);
  });

  test('one that was over keeps the reason it ended for', async () => {
    const before = await makeSession(rig.deps);
    await endSession(rig.deps, before.row, 'refused');
    const after = await redeemed(await handOff(rig.deps), before.row);
    expect(await rowOf(rig.deps, before.row)).toMatchObject({ end_reason: 'refused' });
    expect(await rowOf(rig.deps, after)).toMatchObject({ replaced_session_id: before.row });
  });

  test('a wrong, used or lapsed id replaces nothing', async () => {
    const used = await handOff(rig.deps);
    await redeemed(used, null);
    const lapsed = await handOff(rig.deps);
    await rig.test.advance(120_000);
    const held = await makeSession(rig.deps);
    const refusals = [];
    for (const sessionId of ['b'.repeat(64), used, lapsed])
      refusals.push(await redeem(rig.deps, sessionId, held.row));
    expect(refusals).toEqual([
      { kind: 'refused', reason: 'unknown' },
      { kind: 'refused', reason: 'used' },
      { kind: 'refused', reason: 'expired' },
    ]);
    expect(await findSession(rig.deps.store.db, held.row)).toMatchObject({ live: true });
  });

  test('a cookie of a row that is gone harms nothing', async () => {
    expect(await redeemed(await handOff(rig.deps), rig.deps.ids.key())).toEqual(expect.any(String));
  });
});
