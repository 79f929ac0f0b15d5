import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, code, FakeMaya, json, reset } from '#e2e/rig/fake-maya.ts';
import { alarms } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { sealProfile } from '#e2e/simulator/http/profile-seal.ts';
import { findOrder } from '../orders/order.ts';
import { learnCustomer } from './learn-customer.ts';
import { endSession, findSession } from './sessions.ts';

let maya = new FakeMaya();
let rig: Rig;
let keys: { encryption: JWK; signing: JWK };
let settings: Record<string, string>;

const start = (test?: Rig['test']) =>
  makeRig((url, init) => maya.fetch(url, init), { settings, ...(test ? { test } : {}) });

beforeAll(async () => {
  const ours = await generateKeyPair('RSA-OAEP-256', { extractable: true });
  const mayas = await generateKeyPair('ES256', { extractable: true });
  const named = async (key: CryptoKey, alg: string) => ({ ...(await exportJWK(key)), alg });
  keys = {
    encryption: await named(ours.publicKey, 'RSA-OAEP-256'),
    signing: await named(mayas.privateKey, 'ES256'),
  };
  settings = {
    MAYA_PROFILE_DECRYPTION_JWK: JSON.stringify(await named(ours.privateKey, 'RSA-OAEP-256')),
    MAYA_PROFILE_VERIFICATION_JWKS: JSON.stringify(await named(mayas.publicKey, 'ES256')),
  };
  rig = await start();
});
afterAll(() => rig.close());
beforeEach(() => {
  maya = new FakeMaya();
});

/** Claim names are not published, so that these are as good as any. */
const seal = (claims: Record<string, string>, signing = keys.signing) =>
  sealProfile(claims as Parameters<typeof sealProfile>[0], { ...keys, signing });

const profile =
  (claims: Record<string, string>): Answer =>
  async () =>
    Response.json({ data: await seal(claims) });

const maria = profile({ sub: 'customer-maria', name: 'Maria Santos' });
const who = (row: string) => findSession(rig.deps.store.db, row);

describe('a profile that comes', () => {
  test('gives the session its customer and a masked name', async () => {
    const { row } = await makeSession(rig.deps);
    maya.script.profile = [maria];
    expect(await learnCustomer(rig.deps, row)).toBe('customer-maria');
    expect(await who(row)).toMatchObject({ customerId: 'customer-maria', accountHolder: 'M••••• S•••••' });
    expect(rig.logText()).not.toMatch(/Maria|Santos/);
  });

  test('and the orders that this session made before, so that history follows the customer', async () => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    const stranger = await makeOrder(rig.deps, await makeSession(rig.deps));
    maya.script.profile = [maria];
    await learnCustomer(rig.deps, session.row);
    const later = await makeSession(rig.deps, { customerId: 'customer-maria' });
    const owner = { row: later.row, customerId: later.customerId };
    expect(await findOrder(rig.deps.store.db, order.id, owner)).toMatchObject({ id: order.id });
    expect(await findOrder(rig.deps.store.db, stranger.id, owner)).toBeNull();
  });

  test('B9: of somebody else ends the session, and takes no order from whom it belongs to', async () => {
    const session = await makeSession(rig.deps, { customerId: 'customer-pedro' });
    const order = await makeOrder(rig.deps, session);
    maya.script.profile = [maria];
    expect(await learnCustomer(rig.deps, session.row)).toBeNull();
    const { row } = await makeSession(rig.deps);
    const find = (customerId: string) => findOrder(rig.deps.store.db, order.id, { row, customerId });
    expect(await find('customer-pedro')).toMatchObject({ id: order.id });
    expect(await find('customer-maria')).toBeNull();
    expect(await who(session.row)).toMatchObject({ live: false, customerId: 'customer-pedro' });
    expect(await alarms(rig.deps, session.row)).toEqual(['tokens_of_another_customer']);
  });

  test('without a name leaves the account holder open', async () => {
    const { row } = await makeSession(rig.deps);
    maya.script.profile = [profile({ sub: 'customer-maria' })];
    expect(await learnCustomer(rig.deps, row)).toBe('customer-maria');
    expect(await who(row)).toMatchObject({ customerId: 'customer-maria', accountHolder: null });
  });

  test('is asked for with both tokens and a reference, after a refresh where one is due', async () => {
    const { row } = await makeSession(rig.deps, { expiresInMs: 59_999 });
    maya.script.tokens = [json(200, { accessToken: 'a.1', refreshToken: 'r.1', expiresAt: 4_000_000_000 })];
    maya.script.profile = [maria];
    expect(await learnCustomer(rig.deps, row)).toBe('customer-maria');
    expect(maya.named('profile')[0]?.headers).toMatchObject({
      'X-Authorization': 'a.1',
      Authorization: expect.stringMatching(/^Bearer /),
      'Request-Reference-No': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});

describe('a 401', () => {
  test('renews both tokens, and asks once more with a new reference', async () => {
    const { row } = await makeSession(rig.deps);
    maya.script.profile = [code(401, 'invalid_token'), maria];
    expect(await learnCustomer(rig.deps, row)).toBe('customer-maria');
    const [first, second] = maya.named('profile');
    for (const header of ['X-Authorization', 'Authorization', 'Request-Reference-No'])
      expect(second?.headers[header]).not.toBe(first?.headers[header]);
    expect(maya.named('tokens')).toHaveLength(1);
  });

  test('a second one is enough: nothing is known, and the session goes on', async () => {
    const { row } = await makeSession(rig.deps);
    maya.script.profile = [code(401, 'invalid_token'), code(401, 'invalid_token')];
    expect(await learnCustomer(rig.deps, row)).toBeNull();
    expect(maya.named('profile')).toHaveLength(2);
    expect(await who(row)).toMatchObject({ customerId: null, live: true });
  });
});

describe('a profile that does not come changes nothing', () => {
  test.each<[string, Answer]>([
    ['lost', reset],
    ['a server error', code(500, 'PY9999')],
    ['not there', code(404, 'PY0009')],
    ['without data', json(200, {})],
    ['not a nested token', json(200, { data: 'a.b.c.d.e' })],
    ['without a customer id', profile({ name: 'Maria Santos' })],
  ])('%s', async (_name, answer) => {
    const session = await makeSession(rig.deps);
    const order = await makeOrder(rig.deps, session);
    maya.script.profile = [answer];
    expect(await learnCustomer(rig.deps, session.row)).toBeNull();
    expect(await who(session.row)).toEqual(session);
    const owner = { row: session.row, customerId: null };
    expect(await findOrder(rig.deps.store.db, order.id, owner)).toEqual(order);
  });

  test('signed by somebody else', async () => {
    const { row } = await makeSession(rig.deps);
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const signing = { ...(await exportJWK(privateKey)), alg: 'ES256' };
    const data = await seal({ sub: 'customer-maria', name: 'Maria' }, signing);
    maya.script.profile = [json(200, { data })];
    expect(await learnCustomer(rig.deps, row)).toBeNull();
    expect(await who(row)).toMatchObject({ customerId: null });
  });

  test('what was known before stays known', async () => {
    const session = await makeSession(rig.deps, { customerId: 'customer-maria' });
    maya.script.profile = [reset];
    expect(await learnCustomer(rig.deps, session.row)).toBeNull();
    expect(await who(session.row)).toEqual(session);
  });

  test('B8: nor where Maya does not take our client credentials: an alarm, and the session goes on', async () => {
    const session = await makeSession(rig.deps);
    const { deps } = await start(rig.test);
    maya.script.client_token = [code(401, 'invalid_client')];
    expect(await learnCustomer(deps, session.row)).toBeNull();
    expect(maya.named('profile')).toEqual([]);
    expect(await alarms(rig.deps, 'client')).toEqual(['maya_client_refused']);
    expect(await who(session.row)).toEqual(session);
  });
});

describe('nobody is asked', () => {
  test('where no profile keys are set', async () => {
    const { deps } = await makeRig((url, init) => maya.fetch(url, init), { test: rig.test });
    const { row } = await makeSession(rig.deps);
    expect(await learnCustomer(deps, row)).toBeNull();
    expect(maya.calls).toEqual([]);
  });

  test('for a session that is over', async () => {
    const { row } = await makeSession(rig.deps);
    await endSession(rig.deps, row, 'replaced');
    expect(await learnCustomer(rig.deps, row)).toBeNull();
    expect(maya.calls).toEqual([]);
  });
});
