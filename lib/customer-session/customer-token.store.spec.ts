import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { code, FakeMaya, json } from '#e2e/rig/fake-maya.ts';
import { makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { CREATE_MARGIN_MS, customerToken, renewCustomerToken, USE_MARGIN_MS } from './customer-token.ts';
import { endSession, findSession } from './sessions.ts';
import { besideStatements, rowOf, tokensOf } from './spec-helpers.ts';

let maya = new FakeMaya();
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

const fail = code(500, 'PY9999');
const calls = () => maya.named('tokens').length;
const forPaying = (row: string, marginMs = USE_MARGIN_MS) =>
  customerToken(rig.deps, row, { marginMs, evenWhenOver: false });
const forSettling = (row: string) =>
  customerToken(rig.deps, row, { marginMs: USE_MARGIN_MS, evenWhenOver: true });
const asHandedOver = (row: string) => ({ kind: 'usable', accessToken: `access.${row}.0`, generation: 0 });

describe('before use', () => {
  test.each([
    ['a call, with a minute left', USE_MARGIN_MS, 60_000, 0],
    ['a call, with less', USE_MARGIN_MS, 59_999, 1],
    ['create, with two minutes left', CREATE_MARGIN_MS, 120_000, 0],
    ['create, with less', CREATE_MARGIN_MS, 119_999, 1],
    ['A17: a token that had ended when it was handed over', USE_MARGIN_MS, -3_600_000, 1],
  ])('%s', async (_name, marginMs, expiresInMs, refreshes) => {
    const { row } = await makeSession(rig.deps, { expiresInMs });
    expect(await forPaying(row, marginMs)).toMatchObject({ kind: 'usable', generation: refreshes });
    expect(calls()).toBe(refreshes);
  });

  test('B1: a hundred that need a new token share one refresh, and all get its token', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 30_000 });
    const tokens = await Promise.all(Array.from({ length: 100 }, () => forPaying(row)));
    const saved = await tokensOf(rig.deps, row);
    const { accessToken, generation } = saved ?? {};
    expect(tokens).toEqual(Array.from({ length: 100 }, () => ({ kind: 'usable', accessToken, generation })));
    expect(generation).toBe(1);
    expect(calls()).toBe(1);
  });

  test('B10: a new token that has ended already is used once, without a refresh in a loop', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 0 });
    maya.script.tokens = [json(200, { accessToken: 'a.1', refreshToken: 'r.1', expiresAt: 1 })];
    expect(await forPaying(row)).toEqual({ kind: 'usable', accessToken: 'a.1', generation: 1 });
    expect(calls()).toBe(1);
  });
});

describe('B2: an early refresh that fails', () => {
  test('leaves a token that is still valid in use, for paying and for settling', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 30_000 });
    maya.script.tokens = [fail, fail];
    expect(await forPaying(row)).toEqual(asHandedOver(row));
    expect(await forSettling(row)).toEqual(asHandedOver(row));
    expect(calls()).toBe(2);
  });

  test('and one that has ended is not used', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 0 });
    maya.script.tokens = [fail, fail];
    expect(await forPaying(row)).toEqual({ kind: 'unavailable' });
    expect(await findSession(rig.deps.store.db, row)).toMatchObject({ live: true });
  });

  test('pays nothing for a webview that was given another session meanwhile', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 30_000 });
    maya.script.tokens = [
      fail,
      async (call, fake) => {
        await endSession(rig.deps, row, 'replaced');
        return fail(call, fake);
      },
    ];
    expect(await forPaying(row)).toEqual({ kind: 'gone' });
    expect(await forSettling(row)).toEqual(asHandedOver(row));
  });
});

describe('B2: an early refresh that is refused', () => {
  test('ends the session; what is left of its token settles what is under way, until it ends', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 30_000 });
    maya.script.tokens = [code(400, 'invalid_grant')];
    expect(await forPaying(row)).toEqual({ kind: 'gone' });
    expect(await forSettling(row)).toEqual(asHandedOver(row));
    await rig.test.advance(29_999);
    expect(await forSettling(row)).toEqual(asHandedOver(row));
    await rig.test.advance(1);
    expect(await forSettling(row)).toEqual({ kind: 'gone' });
    expect(calls()).toBe(1);
  });

  test('the same for whoever is settling when it happens', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 30_000 });
    maya.script.tokens = [code(400, 'invalid_grant')];
    expect(await forSettling(row)).toEqual(asHandedOver(row));
    expect(await forPaying(row)).toEqual({ kind: 'gone' });
  });

  test('B5: a session that another launch had replaced asks once, and never again', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 30_000 });
    await endSession(rig.deps, row, 'replaced');
    maya.script.tokens = [code(400, 'invalid_grant')];
    expect(await forSettling(row)).toEqual(asHandedOver(row));
    expect(await forSettling(row)).toEqual(asHandedOver(row));
    await rig.test.advance(30_000);
    expect(await forSettling(row)).toEqual({ kind: 'gone' });
    expect(calls()).toBe(1);
  });
});

describe('a session that is over', () => {
  test('B12: pays no more, and its payment is settled with it: refreshed where that is needed', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 30_000 });
    await endSession(rig.deps, row, 'replaced');
    expect(await forPaying(row)).toEqual({ kind: 'gone' });
    expect(calls()).toBe(0);
    expect(await forSettling(row)).toMatchObject({ kind: 'usable', generation: 1 });
  });

  test('whose tokens were wiped can speak for nobody', async () => {
    const { row } = await makeSession(rig.deps);
    await rig.deps.store.db
      .updateTable('sessions')
      .set({ sealed_tokens: null })
      .where('id', '=', row)
      .execute();
    expect(await forPaying(row)).toEqual({ kind: 'gone' });
    expect(await forSettling(row)).toEqual({ kind: 'gone' });
    expect(await renewCustomerToken(rig.deps, row, 0)).toEqual({ kind: 'gone' });
  });

  test('that never was can neither', async () => {
    expect(await forSettling(rig.deps.ids.key())).toEqual({ kind: 'gone' });
  });
});

describe('a token that Maya refused', () => {
  test('is replaced by a refreshed one', async () => {
    const { row } = await makeSession(rig.deps);
    const renewed = await renewCustomerToken(rig.deps, row, 0);
    expect(renewed).toMatchObject({ kind: 'usable', generation: 1 });
    expect(renewed).toMatchObject({ accessToken: (await tokensOf(rig.deps, row))?.accessToken });
  });

  test('B5: is replaced by the newer one that somebody saved already, and nothing is sent', async () => {
    const { row } = await makeSession(rig.deps);
    const renewed = await renewCustomerToken(rig.deps, row, 0);
    expect(await renewCustomerToken(rig.deps, row, 0)).toEqual(renewed);
    expect(calls()).toBe(1);
  });

  test('B5: but not by one that was saved so long ago that it is over too', async () => {
    const { row } = await makeSession(rig.deps);
    await renewCustomerToken(rig.deps, row, 0);
    const { store, clock } = rig.deps;
    await store.db
      .updateTable('sessions')
      .set({ access_expires_at: clock.now() })
      .where('id', '=', row)
      .execute();
    expect(await renewCustomerToken(rig.deps, row, 0)).toMatchObject({ kind: 'usable', generation: 2 });
    expect(calls()).toBe(2);
  });

  test('has no successor where the refresh fails: not now', async () => {
    const { row } = await makeSession(rig.deps);
    maya.script.tokens = [fail, fail];
    expect(await renewCustomerToken(rig.deps, row, 0)).toEqual({ kind: 'unavailable' });
  });

  test('has none where the refresh is refused: never', async () => {
    const { row } = await makeSession(rig.deps);
    maya.script.tokens = [code(400, 'invalid_grant')];
    expect(await renewCustomerToken(rig.deps, row, 0)).toEqual({ kind: 'gone' });
  });
});

describe('B13: after the password was changed', () => {
  const FORMER = 'a password for tests, which is long enough';
  const PRESENT = 'the next password for tests, also long enough';
  const restarted = (settings: Record<string, string>) =>
    makeRig((url, init) => maya.fetch(url, init), { test: rig.test, settings });

  test('a seal of the former one opens, and is sealed anew with the present one when it is used', async () => {
    const { row } = await makeSession(rig.deps);
    const { deps } = await restarted({ SESSION_PASSWORD: PRESENT, SESSION_PASSWORD_PREVIOUS: FORMER });
    const options = { marginMs: USE_MARGIN_MS, evenWhenOver: false };
    expect(await customerToken(deps, row, options)).toEqual(asHandedOver(row));
    const later = await restarted({ SESSION_PASSWORD: PRESENT });
    expect(await customerToken(later.deps, row, options)).toEqual(asHandedOver(row));
  });

  test('sealing anew does not undo a refresh that was saved meanwhile', async () => {
    const { row } = await makeSession(rig.deps);
    const { deps } = await restarted({ SESSION_PASSWORD: PRESENT, SESSION_PASSWORD_PREVIOUS: FORMER });
    let refreshed = false;
    const slow = besideStatements(deps, {
      after: async () => {
        if (refreshed) return;
        refreshed = true;
        await renewCustomerToken(rig.deps, row, 0);
      },
    });
    const options = { marginMs: USE_MARGIN_MS, evenWhenOver: false };
    expect(await customerToken(slow, row, options)).toEqual(asHandedOver(row));
    expect(await customerToken(deps, row, options)).toMatchObject({ kind: 'usable', generation: 1 });
  });

  test('a key that is not known ends the session, for paying and for settling, and is no crash', async () => {
    const { row } = await makeSession(rig.deps);
    const strange = await restarted({ SESSION_PASSWORD: PRESENT });
    const options = { marginMs: USE_MARGIN_MS, evenWhenOver: true };
    expect(await customerToken(strange.deps, row, options)).toEqual({ kind: 'gone' });
    expect(await rowOf(rig.deps, row)).toMatchObject({ end_reason: 'seal' });
    expect(strange.lines).toMatchObject([
      { event: 'session.seal', level: 'warn', account: row, error: 'seal.unknown_key' },
      { event: 'session.ended', reason: 'seal' },
    ]);
  });

  test('a refresh that meets such a seal sends nothing', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 0 });
    const strange = await restarted({ SESSION_PASSWORD: PRESENT });
    expect(await renewCustomerToken(strange.deps, row, 0)).toEqual({ kind: 'gone' });
    expect(await rowOf(rig.deps, row)).toMatchObject({ end_reason: 'seal' });
    expect(calls()).toBe(0);
  });
});

test('B14: a seal that was moved to another row gives its tokens to nobody', async () => {
  const [mine, yours] = [await makeSession(rig.deps), await makeSession(rig.deps)];
  const { sealed_tokens: sealed } = await rowOf(rig.deps, mine.row);
  await rig.deps.store.db
    .updateTable('sessions')
    .set({ sealed_tokens: sealed })
    .where('id', '=', yours.row)
    .execute();
  expect(await forSettling(yours.row)).toEqual({ kind: 'gone' });
  expect(await rowOf(rig.deps, yours.row)).toMatchObject({ end_reason: 'seal' });
  expect(await forPaying(mine.row)).toEqual(asHandedOver(mine.row));
});
