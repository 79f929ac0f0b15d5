import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeMaya } from '#e2e/rig/fake-maya.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { findLinkedOrder, makeOrderKeys, orderKey, privateOrderPath } from './order-key.ts';

const PASSWORD = 'a password for tests, which is long enough';
const NEXT = 'the password of tomorrow, long enough as well';

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(new FakeMaya().fetch);
});
afterAll(() => rig.close());

test('C42: a key opens its own order and no other', async () => {
  const session = await makeSession(rig.deps);
  const [one, other] = [await makeOrder(rig.deps, session), await makeOrder(rig.deps, session)];
  const keys = makeOrderKeys(PASSWORD);
  const { db } = rig.deps.store;
  const key = orderKey(keys, one.id);
  expect(await findLinkedOrder(db, keys, one.id, key)).toMatchObject({ id: one.id, totalCentavos: 149_950 });
  expect(await findLinkedOrder(db, keys, other.id, key)).toBeNull();
  expect(await findLinkedOrder(db, keys, one.id, orderKey(keys, other.id))).toBeNull();
  expect(await findLinkedOrder(db, keys, one.id, '')).toBeNull();
  expect(await findLinkedOrder(db, keys, one.id, `${key} `)).toBeNull();
  const missing = '00000000-0000-7000-8000-000000000000';
  expect(await findLinkedOrder(db, keys, missing, orderKey(keys, missing))).toBeNull();
  expect(await findLinkedOrder(db, keys, "' or 1=1", orderKey(keys, "' or 1=1"))).toBeNull();
});

test('B13: links live through one change of the password', async () => {
  const order = await makeOrder(rig.deps, await makeSession(rig.deps));
  const { db } = rig.deps.store;
  const link = privateOrderPath(makeOrderKeys(PASSWORD), order.id);
  expect(link).toMatch(new RegExp(`^/orders/${order.id}\\?key=[\\w-]{43}$`));
  const key = new URL(link, 'http://localhost').searchParams.get('key') ?? '';
  expect(await findLinkedOrder(db, makeOrderKeys(NEXT, PASSWORD), order.id, key)).not.toBeNull();
  expect(await findLinkedOrder(db, makeOrderKeys(NEXT), order.id, key)).toBeNull();
});
