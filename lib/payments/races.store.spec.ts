import fc, { type Scheduler } from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeMaya } from '#e2e/rig/fake-maya.ts';
import { history, orderRow, paymentsOf } from '#e2e/rig/payments.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { testEngine } from '#e2e/rig/test-store.ts';
import type { Runtime } from '../runtime/build.ts';
import { openPayment } from './open-payment.ts';
import { pay } from './pay.ts';
import { settleOnce } from './settle.ts';

let maya: FakeMaya;
let rigs: Rig[];

beforeAll(async () => {
  const first = await makeRig((url, init) => maya.fetch(url, init));
  const more = [1, 2].map(() => makeRig((url, init) => maya.fetch(url, init), { test: first.test }));
  rigs = [first, ...(await Promise.all(more))];
});
afterAll(() => rigs[0]?.close());

const RUNS = { numRuns: testEngine === 'sqlite' ? 150 : 40 };

/** A process whose transactions and calls happen when the scheduler says so. */
function scheduled(scheduler: Scheduler, { deps }: Rig): Runtime {
  return {
    ...deps,
    store: {
      ...deps.store,
      transaction: scheduler.scheduleFunction(deps.store.transaction) as typeof deps.store.transaction,
    },
    maya: { ...deps.maya, fetch: scheduler.scheduleFunction(deps.maya.fetch) },
  };
}

const [one, two, three] = [0, 1, 2].map((index) => () => {
  const rig = rigs[index];
  if (!rig) throw new Error('no such process');
  return rig;
}) as [() => Rig, () => Rig, () => Rig];

test('C3: of openings of one order in three processes one wins, in every order of events', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      maya = new FakeMaya();
      const session = await makeSession(one().deps);
      const order = await makeOrder(one().deps, session);
      const tap = { order, version: order.version, sessionRow: session.row, payInMs: 45_000 };
      const opened = [one, two, three, one].map((process) =>
        openPayment(scheduled(scheduler, process()), tap),
      );
      await scheduler.waitFor(Promise.all(opened));
      const winners = (await Promise.all(opened)).filter((result) => typeof result !== 'string');
      expect(winners).toHaveLength(1);
      expect(await paymentsOf(one().deps, order.id)).toHaveLength(1);
    }),
    RUNS,
  );
});

test('C4, C18, D18: taps in two processes against recovery in a third: one first execute at most, never by recovery', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, lapse) => {
      maya = new FakeMaya();
      const session = await makeSession(one().deps);
      const order = await makeOrder(one().deps, session);
      const recovery = { ...scheduled(scheduler, three()), instance: 'recovery' };
      const taps = [one, two].map(async (process) => {
        const { settled } = await pay(scheduled(scheduler, process()), session, order.id, order.version);
        await settled;
      });
      const recover = scheduler.schedule(Promise.resolve()).then(async () => {
        for (const { id } of await paymentsOf(one().deps, order.id)) {
          // The process that holds it stalls past its lease, or does not.
          if (lapse)
            await one()
              .deps.store.db.updateTable('payments')
              .set({ lease_until: 0 })
              .where('id', '=', id)
              .execute();
          await settleOnce(recovery, id, { ignoreDue: true });
        }
      });
      await scheduler.waitFor(Promise.all([...taps, recover]));

      const executed = new Set(maya.named('execute').map(({ id }) => id));
      expect(executed.size).toBeLessThanOrEqual(1);
      for (const payment of await paymentsOf(one().deps, order.id)) {
        const events = await one()
          .deps.store.db.selectFrom('payment_events')
          .select(['key', 'recorded_by'])
          .where('payment_id', '=', payment.id)
          .execute();
        const first = events.find(({ key }) => key === 'execute_attempt:1');
        if (first) expect(first.recorded_by).not.toBe('recovery');
        const facts = await history(one().deps, payment.id);
        if (facts.includes('interrupted')) expect(facts.indexOf('execute_attempt 1')).toBe(-1);
        if (payment.state === 'failed')
          expect(maya.named('execute').some(({ id }) => id === payment.provider_id)).toBe(false);
      }
      const { claim, paid_by: paidBy } = await orderRow(one().deps, order.id);
      if (executed.size === 1) expect(paidBy ?? claim).not.toBeNull();
    }),
    RUNS,
  );
});
