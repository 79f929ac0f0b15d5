import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeEcommpayRig } from '#e2e/rig/ecommpay-shopper.ts';
import { World } from '#e2e/rig/ecommpay-world.ts';
import { alarms, orderRow, outboxKinds, paymentsOf } from '#e2e/rig/payments.ts';
import type { Rig } from '#e2e/rig/rig.ts';
import { testEngine } from '#e2e/rig/test-store.ts';

const STEPS = 40;
const SEEDS = testEngine === 'sqlite' ? 60 : 8;
const FIRST_SEED = 1;

let rig: Rig;
let world: World;
beforeAll(async () => {
  rig = await makeEcommpayRig(() => world.edge);
  rig.deps.announced = () => {};
});
afterAll(() => rig.close());

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test(`C30, E1, E2, E3, E7, E10, E11, E13: an order on both rails is charged at most once, and no charge is forgotten: ${SEEDS} stories`, async () => {
  const seen = { success: 0, declined: 0, failed: 0, rails: new Set<string>() };
  for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
    world = new World(rig, seeded(seed));
    await world.begin();
    for (let step = 0; step < STEPS; step += 1) {
      await world.step();
      const open = (await paymentsOf(rig.deps, world.orderId)).filter(({ state }) =>
        ['creating', 'created', 'executing'].includes(state),
      );
      expect(open.length, `seed ${seed}, step ${step}: open payments`).toBeLessThanOrEqual(1);
    }
    await world.end();

    const payments = await paymentsOf(rig.deps, world.orderId);
    const order = await orderRow(rig.deps, world.orderId);
    const charged = payments.filter(({ id, rail, state }) =>
      rail === 'maya' ? state === 'approved' : world.truth.get(id)?.known.status === 'success',
    );
    const story = `seed ${seed}: ${JSON.stringify(payments.map(({ rail, state, reason }) => [rail, state, reason]))}`;
    expect(charged.length, story).toBeLessThanOrEqual(1);
    expect(order.paid_by, story).toBe(charged[0]?.id ?? null);
    for (const payment of payments) {
      const isCharged = charged.includes(payment);
      expect(payment.state, story).toBe(isCharged ? 'approved' : payment.state);
      if (!isCharged) expect(['declined', 'failed'], story).toContain(payment.state);
      expect(await alarms(rig.deps, payment.id), story).toEqual([]);
      if (payment.state === 'declined') seen.declined += 1;
      if (payment.state === 'failed') seen.failed += 1;
      seen.rails.add(payment.rail);
    }
    expect(await outboxKinds(rig.deps, world.orderId), story).toEqual(charged.map(() => 'order.paid'));
    seen.success += charged.length;
  }
  // The stories were worth telling: all ends came up, on both rails.
  expect(Math.min(seen.success, seen.declined, seen.failed), JSON.stringify(seen)).toBeGreaterThan(0);
  expect(seen.rails.size).toBe(2);
}, 180_000);
