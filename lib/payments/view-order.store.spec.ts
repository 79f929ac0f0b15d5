import { afterAll, beforeAll, expect, test } from 'vitest';
import { AMOUNT, freshEdge, makeEcommpayRig, makeVisitor } from '#e2e/rig/ecommpay-shopper.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { orderKey } from '../orders/order-key.ts';
import { viewLinkedOrder, viewOrder } from './view-order.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await makeEcommpayRig(freshEdge);
});
afterAll(() => rig.close());

test('C42: an order is shown to its visitor, and to whoever holds its key', async () => {
  const [mine, other] = [await makeVisitor(rig), await makeVisitor(rig)];
  const { id } = mine.order;
  const keys = rig.deps.orderKeys;
  expect(await viewOrder(rig.deps, mine.owner, id)).toMatchObject({ status: { state: 'open' } });
  expect(await viewOrder(rig.deps, other.owner, id)).toBeNull();
  expect(await viewLinkedOrder(rig.deps, keys, id, orderKey(keys, id))).toMatchObject({
    order: { totalCentavos: AMOUNT },
    status: { state: 'open', payable: true },
  });
  expect(await viewLinkedOrder(rig.deps, keys, id, orderKey(keys, other.order.id))).toBeNull();
});
