import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, code, FakeMaya, held, json, reset } from '#e2e/rig/fake-maya.ts';
import { makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { TestClock } from '#e2e/rig/test-clock.ts';
import { until } from '#e2e/rig/until.ts';
import { refreshSession } from './refresh.ts';
import { findSession } from './sessions.ts';
import { besideStatements, rowOf, tokensOf } from './spec-helpers.ts';

let maya = new FakeMaya();
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
  await rig.deps.clientTokens.get();
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

const ok = (serial: string): Answer =>
  json(200, { accessToken: `access.${serial}`, refreshToken: `refresh.${serial}`, expiresAt: 4_000_000_000 });

const calls = () => maya.named('tokens');
const leaseOf = async (row: string) => {
  const { refresh_lease_by: by, refresh_lease_until: until } = await rowOf(rig.deps, row);
  return { by, until };
};

/** Another process on the same store. */
async function anotherProcess() {
  const { deps } = await makeRig((url, init) => maya.fetch(url, init), { test: rig.test });
  await deps.clientTokens.get();
  return deps;
}

/** A process whose timers do not run until it is woken: stopped by a signal, or dead for good. */
async function frozenProcess() {
  const deps = await anotherProcess();
  const clock = new TestClock(rig.test.clock.now());
  return {
    deps: { ...deps, clock, maya: { ...deps.maya, clock } },
    wake: () => clock.advance(rig.test.clock.now() - clock.now()),
  };
}

/** Lets `ms` pass in the steps in which whoever waits for a lease looks again. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    await until(() => rig.test.clock.sleeping > 0);
    await rig.test.advance(50);
  }
}

test('B1: two processes that need a refresh at once make one call in total', async () => {
  const { row } = await makeSession(rig.deps);
  const other = await anotherProcess();
  const answer = held(ok('1'));
  maya.script.tokens = [answer.answer];
  const both = [refreshSession(rig.deps, row, 0), refreshSession(other, row, 0)];
  await answer.arrived;
  // The call's time limit, the renewal of the lease, and the other process's next look.
  await until(() => rig.test.clock.sleeping === 3);
  answer.release();
  expect(await Promise.race(both)).toBe('refreshed');
  await rig.test.advance(50);
  expect(await Promise.all(both)).toEqual(['refreshed', 'refreshed']);
  expect(calls()).toHaveLength(1);
  expect(await tokensOf(rig.deps, row)).toMatchObject({ accessToken: 'access.1', generation: 1 });
});

test('a lease is renewed while a slow call is open, and nobody else sends', async () => {
  const { row } = await makeSession(rig.deps);
  const other = await anotherProcess();
  const answer = held(ok('1'));
  maya.script.tokens = [answer.answer];
  const slow = refreshSession(rig.deps, row, 0);
  await answer.arrived;
  const waiting = refreshSession(other, row, 0);
  for (let passed = 0; passed < 12_000; passed += 1_500) {
    await until(() => rig.test.clock.sleeping === 3);
    await rig.test.advance(1_500);
    await until(
      () => leaseOf(row),
      ({ until: end }) => end === rig.test.clock.now() + 5_000,
    );
  }
  expect(calls()).toHaveLength(1);
  answer.release();
  expect(await slow).toBe('refreshed');
  await until(() => rig.test.clock.sleeping === 1);
  await rig.test.advance(50);
  expect(await waiting).toBe('refreshed');
  expect(calls()).toHaveLength(1);
  await rig.test.advance(5_000);
  expect(await leaseOf(row)).toEqual({ by: null, until: 0 });
});

test('a process that looked just before another’s refresh failed keeps its pause', async () => {
  const { row } = await makeSession(rig.deps);
  const other = await anotherProcess();
  const looked = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<void>();
  const slow = besideStatements(other, {
    after: async () => {
      looked.resolve();
      await failed.promise;
    },
  });
  const late = refreshSession(slow, row, 0);
  await looked.promise;
  maya.script.tokens = [reset, reset];
  expect(await refreshSession(rig.deps, row, 0)).toBe('failed');
  failed.resolve();
  await until(() => rig.test.clock.sleeping === 1);
  await rig.test.advance(50);
  expect(await late).toBe('failed');
  expect(calls()).toHaveLength(2);
});

describe('B3: a process that died over its refresh', () => {
  test('its lease is taken over after 5 s, not before', async () => {
    const { row } = await makeSession(rig.deps);
    const dead = await frozenProcess();
    const never = held(ok('lost'));
    maya.script.tokens = [never.answer, ok('1')];
    void refreshSession(dead.deps, row, 0);
    await never.arrived;
    const heir = refreshSession(rig.deps, row, 0);
    await pass(5_000);
    await until(() => rig.test.clock.sleeping === 1);
    expect(calls()).toHaveLength(1);
    await rig.test.advance(50);
    expect(await heir).toBe('refreshed');
    expect(calls().map((call) => call.body.refreshToken)).toEqual([`refresh.${row}.0`, `refresh.${row}.0`]);
    expect(await tokensOf(rig.deps, row)).toMatchObject({ accessToken: 'access.1', generation: 1 });
  });

  test('where its answer had spent the token, the session is over', async () => {
    const { row } = await makeSession(rig.deps);
    const dead = await frozenProcess();
    const never = held(ok('lost'));
    maya.script.tokens = [never.answer, code(400, 'invalid_grant')];
    void refreshSession(dead.deps, row, 0);
    await never.arrived;
    await rig.test.advance(5_001);
    expect(await refreshSession(rig.deps, row, 0)).toBe('refused');
    expect(calls()).toHaveLength(2);
    expect(await findSession(rig.deps.store.db, row)).toMatchObject({ live: false });
  });
});

describe('a process that slept past its lease', () => {
  /** One sleeps over an open call while the other takes over; `late` is what the sleeper's call comes to then. */
  async function overslept(late: Answer, next: Answer) {
    const { row } = await makeSession(rig.deps);
    const sleeper = await frozenProcess();
    const lateAnswer = held(late);
    const nextAnswer = held(next);
    maya.script.tokens = [lateAnswer.answer, nextAnswer.answer];
    const slept = refreshSession(sleeper.deps, row, 0);
    await lateAnswer.arrived;
    await rig.test.advance(5_001);
    const took = refreshSession(rig.deps, row, 0);
    await nextAnswer.arrived;
    const wake = () => {
      sleeper.wake();
      lateAnswer.release();
      return slept;
    };
    return { row, took, wake, next: nextAnswer };
  }

  test('B4: its tokens do not overwrite newer ones', async () => {
    const { row, took, wake, next } = await overslept(ok('late'), ok('1'));
    next.release();
    expect(await took).toBe('refreshed');
    expect(await wake()).toBe('refreshed');
    expect(await tokensOf(rig.deps, row)).toEqual({
      accessToken: 'access.1',
      refreshToken: 'refresh.1',
      generation: 1,
    });
  });

  test('its tokens are saved, lease or not, where nobody saved newer ones', async () => {
    const { row, took, wake, next } = await overslept(ok('late'), ok('1'));
    expect(await wake()).toBe('refreshed');
    expect(await tokensOf(rig.deps, row)).toMatchObject({ accessToken: 'access.late', generation: 1 });
    next.release();
    expect(await took).toBe('refreshed');
    expect(await tokensOf(rig.deps, row)).toMatchObject({ accessToken: 'access.late', generation: 1 });
  });

  test('B5: its lost answer is not asked for again, before and after the newer token is saved', async () => {
    for (const wakesFirst of [true, false]) {
      const { took, wake, next } = await overslept(reset, ok('1'));
      if (wakesFirst) expect(await wake()).toBe('failed');
      next.release();
      expect(await took).toBe('refreshed');
      if (!wakesFirst) expect(await wake()).toBe('failed');
      expect(calls()).toHaveLength(2);
      maya = new FakeMaya();
    }
  });

  test('B5: what it was about to send when it fell asleep stays unsent', async () => {
    const { row } = await makeSession(rig.deps);
    const sleeper = await frozenProcess();
    const aboutToSend = Promise.withResolvers<void>();
    const asleep = Promise.withResolvers<void>();
    const stalling = besideStatements(sleeper.deps, {
      after: async () => {
        if ((await rowOf(rig.deps, row)).refresh_reference === null) return;
        aboutToSend.resolve();
        await asleep.promise;
      },
    });
    const slept = refreshSession(stalling, row, 0);
    await aboutToSend.promise;
    await rig.test.advance(5_001);
    expect(await refreshSession(rig.deps, row, 0)).toBe('refreshed');
    sleeper.wake();
    asleep.resolve();
    expect(await slept).toBe('failed');
    expect(calls()).toHaveLength(1);
  });

  test('its failure takes nothing from the process that holds the lease now', async () => {
    const { row, took, wake, next } = await overslept(reset, ok('1'));
    const lease = await leaseOf(row);
    expect(await wake()).toBe('failed');
    expect(await leaseOf(row)).toEqual(lease);
    expect(await rowOf(rig.deps, row)).toMatchObject({ refresh_failures: 0, refresh_not_before: 0 });
    next.release();
    expect(await took).toBe('refreshed');
  });

  test('its refusal does not end a session that has newer tokens by then, or is about to', async () => {
    for (const wakesFirst of [true, false]) {
      const { row, took, wake, next } = await overslept(code(400, 'invalid_grant'), ok('1'));
      if (wakesFirst) expect(await wake()).toBe('failed');
      next.release();
      expect(await took).toBe('refreshed');
      if (!wakesFirst) expect(await wake()).toBe('failed');
      expect(await findSession(rig.deps.store.db, row)).toMatchObject({ live: true });
      expect(await rowOf(rig.deps, row)).toMatchObject({ refresh_not_before: 0 });
      maya = new FakeMaya();
    }
  });
});
