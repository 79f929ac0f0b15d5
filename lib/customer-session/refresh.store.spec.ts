import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { code, FakeMaya, json, notConnected, reset } from '#e2e/rig/fake-maya.ts';
import { alarms } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { findOrder } from '../orders/order.ts';
import { refreshSession } from './refresh.ts';
import { findSession } from './sessions.ts';
import { refreshTokenOf, rowOf, tokensOf } from './spec-helpers.ts';

let maya: FakeMaya;
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

const refresh = (row: string, generation = 0, { deps } = rig) => refreshSession(deps, row, generation);
const sent = () => maya.named('tokens').map((call) => call.body.refreshToken);
const live = async (row: string) => (await findSession(rig.deps.store.db, row))?.live;

/** Another process on the same store, which holds no client token yet. */
const anotherProcess = () => makeRig((url, init) => maya.fetch(url, init), { test: rig.test });

describe('a refresh that goes well', () => {
  test('B4: saves both new tokens and their expiry in the next generation', async () => {
    const { row } = await makeSession(rig.deps);
    maya.script.tokens = [json(200, { accessToken: 'a.1', refreshToken: 'r.1', expiresAt: 2_000_000_000 })];
    expect(await refresh(row)).toBe('refreshed');
    expect(await tokensOf(rig.deps, row)).toEqual({ accessToken: 'a.1', refreshToken: 'r.1', generation: 1 });
    expect(await rowOf(rig.deps, row)).toMatchObject({
      access_expires_at: 2_000_000_000_000,
      refresh_lease_by: null,
      refresh_lease_until: 0,
      ended_at: null,
    });
  });

  test('sends the newest refresh token, and a reference that was written down before', async () => {
    const { row } = await makeSession(rig.deps);
    const written: (string | null)[] = [];
    maya.script.tokens = [
      async (call) => {
        written.push((await rowOf(rig.deps, row)).refresh_reference);
        return maya.well(call);
      },
    ];
    await refresh(row);
    expect(sent()).toEqual([`refresh.${row}.0`]);
    expect(written).toEqual([maya.named('tokens')[0]?.reference]);
  });

  test('B1: a hundred callers of one process make one call', async () => {
    const { row } = await makeSession(rig.deps);
    const results = await Promise.all(Array.from({ length: 100 }, () => refresh(row)));
    expect(new Set(results)).toEqual(new Set(['refreshed']));
    expect(sent()).toHaveLength(1);
    expect(await rowOf(rig.deps, row)).toMatchObject({ generation: 1 });
  });

  test('B5: whoever asks about a generation that was replaced is told so, and nothing is sent', async () => {
    const { row } = await makeSession(rig.deps);
    await refresh(row);
    expect(await refresh(row, 0)).toBe('refreshed');
    expect(sent()).toHaveLength(1);
  });

  test('one session’s refresh leaves every other session alone', async () => {
    const [one, other] = [await makeSession(rig.deps), await makeSession(rig.deps)];
    await refresh(one.row);
    expect(await tokensOf(rig.deps, other.row)).toMatchObject({ generation: 0 });
  });
});

describe('B2: an answer that does not come', () => {
  test.each([
    ['lost', reset],
    ['never sent', notConnected],
    ['a server error', code(500, 'PY9999')],
    ['not JSON', () => new Response('<html>', { status: 200 })],
    ['without tokens', json(200, { accessToken: 'a.1' })],
  ])('(%s) is asked for once more, with the same token and a new reference', async (_name, answer) => {
    const { row } = await makeSession(rig.deps);
    maya.script.tokens = [answer];
    expect(await refresh(row)).toBe('refreshed');
    expect(sent()).toEqual([`refresh.${row}.0`, `refresh.${row}.0`]);
    expect(new Set(maya.named('tokens').map((call) => call.reference)).size).toBe(2);
    expect(await tokensOf(rig.deps, row)).toMatchObject({ generation: 1 });
  });

  test('twice is enough: nothing ends, and nothing is saved', async () => {
    const { row } = await makeSession(rig.deps);
    maya.script.tokens = [reset, reset];
    expect(await refresh(row)).toBe('failed');
    expect(sent()).toHaveLength(2);
    expect(await live(row)).toBe(true);
    expect(await tokensOf(rig.deps, row)).toMatchObject({ generation: 0, accessToken: `access.${row}.0` });
  });

  test('refused at the second try, because the token is spent: the session is over, its order is kept', async () => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    maya.script.tokens = [reset, code(400, 'invalid_grant')];
    expect(await refresh(session.row)).toBe('refused');
    expect(await live(session.row)).toBe(false);
    const owner = { row: session.row, customerId: null };
    expect(await findOrder(rig.deps.store.db, order.id, owner)).toEqual(order);
  });
});

describe('a refusal', () => {
  test.each([400, 404, 409, 410, 422])(
    '%i ends the session, and the token is never sent again',
    async (status) => {
      const { row } = await makeSession(rig.deps);
      maya.script.tokens = [code(status, 'invalid_grant')];
      expect(await refresh(row)).toBe('refused');
      expect(await rowOf(rig.deps, row)).toMatchObject({ end_reason: 'refused', generation: 0 });
      await rig.test.advance(60 * 60_000);
      expect(await refresh(row)).toBe('refused');
      expect(sent()).toHaveLength(1);
    },
  );

  test('B5: nor where the session had ended for another reason before', async () => {
    const { row } = await makeSession(rig.deps);
    await rig.deps.store.db
      .updateTable('sessions')
      .set({ ended_at: rig.test.clock.now(), end_reason: 'replaced' })
      .where('id', '=', row)
      .execute();
    maya.script.tokens = [code(400, 'invalid_grant')];
    expect(await refresh(row)).toBe('refused');
    await rig.test.advance(60 * 60_000);
    expect(await refresh(row)).toBe('refused');
    expect(sent()).toHaveLength(1);
    expect(await rowOf(rig.deps, row)).toMatchObject({ end_reason: 'replaced' });
  });

  test.each([401, 403])(
    '%i may be about the client token: that is renewed, and asked once more',
    async (status) => {
      const { row } = await makeSession(rig.deps);
      const { deps } = await anotherProcess();
      maya.script.tokens = [code(status, 'invalid_token')];
      expect(await refresh(row, 0, { ...rig, deps })).toBe('refreshed');
      expect(sent()).toEqual([`refresh.${row}.0`, `refresh.${row}.0`]);
      expect(maya.named('client_token')).toHaveLength(2);
      const bearers = maya.named('tokens').map((call) => call.headers.Authorization);
      expect(new Set(bearers).size).toBe(2);
      expect(await live(row)).toBe(true);
    },
  );

  test('a second 401 is a refusal', async () => {
    const { row } = await makeSession(rig.deps);
    maya.script.tokens = [code(401, 'invalid_token'), code(401, 'invalid_token')];
    expect(await refresh(row)).toBe('refused');
    expect(sent()).toHaveLength(2);
    expect(await rowOf(rig.deps, row)).toMatchObject({ end_reason: 'refused' });
  });
});

describe('B8: Maya does not take our client credentials', () => {
  test.each([
    ['from the start', []],
    ['when the client token has to be renewed', [code(401, 'invalid_token')]],
  ])('%s: an alarm, and the customer’s session stays', async (_name, tokens) => {
    const { row } = await makeSession(rig.deps);
    const { deps } = await anotherProcess();
    if (tokens.length > 0) await deps.clientTokens.get();
    maya.script.tokens = [...tokens];
    maya.script.client_token = [code(401, 'invalid_client')];
    const before = await tokensOf(rig.deps, row);
    expect(await refresh(row, 0, { ...rig, deps })).toBe('failed');
    expect(sent()).toHaveLength(tokens.length);
    expect(await alarms(rig.deps, 'client')).toEqual(['maya_client_refused']);
    expect(await live(row)).toBe(true);
    expect(await tokensOf(rig.deps, row)).toEqual(before);
  });

  test('an endpoint that is down raises no alarm', async () => {
    await rig.deps.store.db.deleteFrom('alarms').execute();
    const { row } = await makeSession(rig.deps);
    const { deps } = await anotherProcess();
    maya.script.client_token = [code(503, 'unavailable')];
    expect(await refresh(row, 0, { ...rig, deps })).toBe('failed');
    expect(await alarms(rig.deps, 'client')).toEqual([]);
    expect(await live(row)).toBe(true);
  });
});

describe('B9: whose tokens came back', () => {
  const answer = (refreshToken: string) =>
    json(200, { accessToken: 'a.1', refreshToken, expiresAt: 4_000_000_000 });

  test('another customer’s are dropped: alarm, the session is over, and nothing is sent again', async () => {
    const tokens = { accessToken: 'a.0', refreshToken: refreshTokenOf('maria', 0) };
    const { row } = await makeSession(rig.deps, { tokens });
    maya.script.tokens = [answer(refreshTokenOf('pedro', 1))];
    expect(await refresh(row)).toBe('refused');
    expect(await tokensOf(rig.deps, row)).toEqual({ ...tokens, generation: 0 });
    expect(await rowOf(rig.deps, row)).toMatchObject({ end_reason: 'other_customer' });
    expect(await alarms(rig.deps, row)).toEqual(['tokens_of_another_customer']);
    await rig.test.advance(60 * 60_000);
    expect(await refresh(row)).toBe('refused');
    expect(sent()).toHaveLength(1);
  });

  test.each([
    ['the same customer', refreshTokenOf('maria', 0), refreshTokenOf('maria', 1)],
    ['a token that names nobody', refreshTokenOf('maria', 0), 'opaque.1'],
    ['a token that named nobody before', 'opaque.0', refreshTokenOf('pedro', 1)],
  ])('%s is taken', async (_name, before, after) => {
    const { row } = await makeSession(rig.deps, { tokens: { accessToken: 'a.0', refreshToken: before } });
    maya.script.tokens = [answer(after)];
    expect(await refresh(row)).toBe('refreshed');
    expect(await tokensOf(rig.deps, row)).toEqual({ accessToken: 'a.1', refreshToken: after, generation: 1 });
  });
});
