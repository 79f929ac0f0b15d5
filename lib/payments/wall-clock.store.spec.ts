import { afterAll, beforeAll, expect, test } from 'vitest';
import { drive } from '#e2e/rig/drive.ts';
import { FakeMaya, held, json, reset } from '#e2e/rig/fake-maya.ts';
import { onlyPayment } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { pay } from './pay.ts';
import { loadEvents } from './payment.ts';
import { decide } from './staff.ts';

const HOUR_MS = 3_600_000;

const maya = new FakeMaya();
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());

test('D17: the clock steps back an hour during an execute: facts stay in the order of their numbers', async () => {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  const execute = held((call, fake) => fake.result(call, 'APPROVED'));
  maya.script.execute.push(execute.answer);
  const { settled } = await pay(rig.deps, session, order.id, order.version);
  await execute.arrived;
  await rig.test.advance(-HOUR_MS);
  execute.release();
  await drive(rig.test, settled);
  const { id, state } = await onlyPayment(rig.deps, order.id);
  expect(state).toBe('approved');
  const events = await loadEvents(rig.deps.store.db, id);
  expect(events.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  const times = events.map(({ recordedAtMs }) => recordedAtMs);
  expect(times.at(-1)).toBeLessThan(times[0] ?? 0);
});

test('D17: of two decisions the one with the higher number is the newest, whatever the clock said', async () => {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  maya.script.execute.push(reset, json(429, {}, { 'Retry-After': '3600' }));
  await drive(rig.test, (await pay(rig.deps, session, order.id, order.version)).settled);
  const staff = { ...rig.deps, executeTimeoutMs: rig.deps.maya.settings.executeTimeoutMs };
  const payment = () => onlyPayment(rig.deps, order.id);
  await rig.test.advance(2 * HOUR_MS);
  const first = await payment();
  await decide(staff, first.id, 'charged', first.version, { actor: 'ana', evidence: 'one' });
  expect((await payment()).state).toBe('approved');
  await rig.test.advance(-HOUR_MS);
  const second = await payment();
  await decide(staff, second.id, 'not_charged', second.version, { actor: 'ben', evidence: 'two' });
  expect(await payment()).toMatchObject({ state: 'failed', confirmed_by: 'staff' });
});
