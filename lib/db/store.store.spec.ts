import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestStore, type TestStore } from '#e2e/rig/test-store.ts';
import { nowMs } from './store.ts';

let it: TestStore;
beforeAll(async () => {
  it = await openTestStore();
});
afterAll(() => it.close());

test('the store tells the time of its own clock', async () => {
  const read = async () => (await it.store.db.selectNoFrom(nowMs.as('now')).executeTakeFirstOrThrow()).now;
  const before = await read();
  await it.advance(1_500);
  expect((await read()) - before).toBe(1_500);
});
