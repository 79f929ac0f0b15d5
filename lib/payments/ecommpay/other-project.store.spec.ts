import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Edge, freshEdge, HOUR, makeEcommpayRig, makeVisitor, pass } from '#e2e/rig/ecommpay-shopper.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { pageOffer, startPagePayment } from './start-page.ts';

let edge: Edge;
let rig: Rig;
let moved: Rig;

beforeAll(async () => {
  edge = freshEdge();
  rig = await makeEcommpayRig(() => edge);
  moved = await makeEcommpayRig(() => edge, {
    test: rig.test,
    settings: { ECOMMPAY_PROJECT_ID: '581', ECOMMPAY_SECRET: 'of another project' },
  });
});
afterAll(() => rig.close());
beforeEach(() => {
  edge = freshEdge();
});

test('E16: another project neither ends a payment nor gives its address again', async () => {
  const { order, buyer, payment, shows } = await makeVisitor(rig);
  expect((await startPagePayment(rig.deps, buyer, order, order.version)).kind).toBe('go');
  const { id } = await payment();
  const { ecommpay } = moved.deps;
  if (!ecommpay) throw new Error('the rail is off');
  expect(await pageOffer(moved.deps, ecommpay, id)).toBeNull();
  await pass(moved, id, 3 * HOUR);
  expect(await shows()).toEqual(['executing', false]);
  const alarm = await rig.deps.store.db
    .selectFrom('alarms')
    .select('subject')
    .where('kind', '=', 'ecommpay_configuration')
    .execute();
  expect(alarm).toEqual([{ subject: 'project' }]);
  // Its own project asks, and learns what there is to learn.
  await pass(rig, id, 3 * HOUR);
  expect((await payment()).state).toBe('failed');
});
