import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drive, driveUntil } from '#e2e/rig/drive.ts';
import { code, FakeMaya, held, json } from '#e2e/rig/fake-maya.ts';
import { makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { until } from '#e2e/rig/until.ts';
import { refreshSession } from './refresh.ts';
import { findSession } from './sessions.ts';
import { besideStatements, rowOf, tokensOf } from './spec-helpers.ts';

let maya: FakeMaya;
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

const calls = () => maya.named('tokens').length;
const fail = code(500, 'PY9999');

describe('B10: pauses after failures that may pass', () => {
  test('grow from a second to a minute, and nothing is sent during one', async () => {
    const { row } = await makeSession(rig.deps);
    const pauses: number[] = [];
    for (let failure = 0; failure < 8; failure += 1) {
      maya = new FakeMaya();
      maya.script.tokens = [fail, fail];
      expect(await refreshSession(rig.deps, row, 0)).toBe('failed');
      expect(calls()).toBe(2);
      const pause = (await rowOf(rig.deps, row)).refresh_not_before - rig.test.clock.now();
      pauses.push(pause);
      await rig.test.advance(pause - 1);
      expect(await refreshSession(rig.deps, row, 0)).toBe('failed');
      expect(calls()).toBe(2);
      await rig.test.advance(1);
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  test('are forgotten after a refresh that went well', async () => {
    const { row } = await makeSession(rig.deps);
    maya.script.tokens = [fail, fail];
    await refreshSession(rig.deps, row, 0);
    await rig.test.advance(1_000);
    expect(await refreshSession(rig.deps, row, 0)).toBe('refreshed');
    expect(await rowOf(rig.deps, row)).toMatchObject({ refresh_failures: 0, refresh_not_before: 0 });
    maya.script.tokens = [fail, fail];
    await refreshSession(rig.deps, row, 1);
    expect((await rowOf(rig.deps, row)).refresh_not_before - rig.test.clock.now()).toBe(1_000);
  });

  test.each([
    ['missing', {}, 5 * 60_000],
    ['unreadable', { expiresAt: 'soon' }, 5 * 60_000],
    ['null', { expiresAt: null }, 5 * 60_000],
  ])('an expiry that is %s counts as five minutes', async (_name, expiry, leftMs) => {
    const { row } = await makeSession(rig.deps);
    maya.script.tokens = [json(200, { accessToken: 'a.1', refreshToken: 'r.1', ...expiry })];
    expect(await refreshSession(rig.deps, row, 0)).toBe('refreshed');
    expect((await rowOf(rig.deps, row)).access_expires_at).toBe(rig.test.clock.now() + leftMs);
  });

  test.each([
    ['text', '2000000000'],
    ['milliseconds', 2_000_000_000_000],
    ['seconds', 2_000_000_000],
  ])('an expiry in %s is read', async (_name, expiresAt) => {
    const { row } = await makeSession(rig.deps);
    maya.script.tokens = [json(200, { accessToken: 'a.1', refreshToken: 'r.1', expiresAt })];
    expect(await refreshSession(rig.deps, row, 0)).toBe('refreshed');
    expect((await rowOf(rig.deps, row)).access_expires_at).toBe(2_000_000_000_000);
  });
});

describe('a store that is away', () => {
  /** This process, cut off from its store whenever `state.down` says so. */
  function cutOff() {
    const state = { down: false };
    const deps = besideStatements(rig.deps, {
      before: (kind) => {
        if (state.down && kind !== 'SelectQueryNode') throw new Error('the store is away');
      },
    });
    return { state, deps };
  }

  test('before the reference is written: nothing is sent', async () => {
    const { row } = await makeSession(rig.deps);
    const { state, deps } = cutOff();
    state.down = true;
    await expect(refreshSession(deps, row, 0)).rejects.toThrow('the store is away');
    expect(calls()).toBe(0);
  });

  test('when the new tokens came: the save is tried again, and no second refresh is made', async () => {
    const { row } = await makeSession(rig.deps);
    const { state, deps } = cutOff();
    const answer = held(json(200, { accessToken: 'a.1', refreshToken: 'r.1', expiresAt: 4_000_000_000 }));
    maya.script.tokens = [answer.answer];
    const refreshing = refreshSession(deps, row, 0);
    await answer.arrived;
    state.down = true;
    answer.release();
    const failures = () =>
      rig.lines.filter(({ event, account }) => event === 'session.save_failed' && account === row);
    for (const [failed, pause] of [
      [1, 200],
      [2, 400],
      [3, 800],
    ] as const) {
      await until(() => failures().length === failed);
      await rig.test.advance(failed === 3 ? 0 : pause);
    }
    expect(await tokensOf(rig.deps, row)).toMatchObject({ generation: 0 });
    state.down = false;
    expect(await drive(rig.test, refreshing)).toBe('refreshed');
    expect(await tokensOf(rig.deps, row)).toMatchObject({ accessToken: 'a.1', generation: 1 });
    expect(calls()).toBe(1);
    expect(rig.logText()).not.toMatch(/a\.1|r\.1/);
  });

  test('D3: for half a minute: the new tokens are saved when it is back', async () => {
    const { row } = await makeSession(rig.deps);
    const { state, deps } = cutOff();
    const answer = held(json(200, { accessToken: 'a.1', refreshToken: 'r.1', expiresAt: 4_000_000_000 }));
    maya.script.tokens = [answer.answer];
    const refreshing = refreshSession(deps, row, 0);
    await answer.arrived;
    state.down = true;
    answer.release();
    const from = rig.test.clock.now();
    await driveUntil(
      rig.test,
      () => rig.test.clock.now() - from,
      (passedMs) => passedMs > 30_000,
      1_000,
    );
    expect(await tokensOf(rig.deps, row)).toMatchObject({ generation: 0 });
    state.down = false;
    expect(await drive(rig.test, refreshing, 1_000)).toBe('refreshed');
    expect(await tokensOf(rig.deps, row)).toMatchObject({ accessToken: 'a.1', generation: 1 });
    expect(calls()).toBe(1);
  });

  test('for too long: the refresh has failed, the session goes on with what it has', async () => {
    const { row } = await makeSession(rig.deps);
    const { state, deps } = cutOff();
    const answer = held(json(200, { accessToken: 'a.1', refreshToken: 'r.1', expiresAt: 4_000_000_000 }));
    maya.script.tokens = [answer.answer];
    const refreshing = refreshSession(deps, row, 0);
    await answer.arrived;
    state.down = true;
    answer.release();
    expect(await drive(rig.test, refreshing, 5_000)).toBe('failed');
    state.down = false;
    expect(await tokensOf(rig.deps, row)).toMatchObject({ accessToken: `access.${row}.0`, generation: 0 });
    expect(await findSession(rig.deps.store.db, row)).toMatchObject({ live: true });
    expect(calls()).toBe(1);
  });
});
