import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshEdge, makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { deliver, signedMessage } from '#e2e/rig/fake-ecommpay.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { listStrays } from './stray-list.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await makeEcommpayRig(freshEdge);
});
afterAll(() => rig.close());

test('E19: staff sees what is not ours, the newest first, each once', async () => {
  expect(await listStrays(rig.deps.store.db)).toEqual([]);
  for (const id of ['a', 'b', 'a']) {
    await rig.test.advance(1_000);
    await deliver(rig.deps, signedMessage(id, { status: 'success', amount: 5_000 }));
  }
  const strays = await listStrays(rig.deps.store.db);
  expect(strays.map(({ providerPaymentId, times }) => [providerPaymentId, times])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
  expect(strays[0]).toMatchObject({ report: { status: 'success', sum: { amount: 5_000, currency: 'PHP' } } });
  expect((strays[0]?.lastAtMs ?? 0) - (strays[0]?.firstAtMs ?? 0)).toBe(2_000);
});
