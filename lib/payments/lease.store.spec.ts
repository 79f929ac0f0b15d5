import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeMaya } from '#e2e/rig/fake-maya.ts';
import { makeOrder, makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { testEngine } from '#e2e/rig/test-store.ts';
import { nowMs } from '../db/store.ts';
import { acquireForStaff, acquireLease, releaseLease } from './lease.ts';
import { openPayment } from './open-payment.ts';
import { LEASE_MS } from './timing.ts';

const maya = new FakeMaya();
let rig: Rig;

beforeAll(async () => {
  rig = await makeRig((url, init) => maya.fetch(url, init));
});
afterAll(() => rig.close());

const RUNS = { numRuns: testEngine === 'sqlite' ? 60 : 15 };

/** A payment that its opener holds. */
async function opened() {
  const session = await makeSession(rig.deps);
  const order = await makeOrder(rig.deps, session);
  const payment = await openPayment(rig.deps, {
    order,
    version: order.version,
    sessionRow: session.row,
    payInMs: 45_000,
  });
  if (typeof payment === 'string') throw new Error(payment);
  return payment;
}

type Step =
  | { kind: 'acquire' | 'acquire due' | 'staff' }
  | { kind: 'release'; whose: number; nextInMs: number }
  | { kind: 'pass'; ms: number };

const step = fc.oneof(
  fc.constantFrom<Step>({ kind: 'acquire' }, { kind: 'acquire due' }, { kind: 'staff' }),
  fc.record({
    kind: fc.constant('release' as const),
    whose: fc.nat(4),
    nextInMs: fc.constantFrom(0, 500, 60_000),
  }),
  fc.record({
    kind: fc.constant('pass' as const),
    ms: fc.constantFrom(1, 500, LEASE_MS - 1, LEASE_MS, LEASE_MS + 1, 60_000),
  }),
);

describe('a lease', () => {
  test('C28: whatever comes in whatever order, one holds it at a time, until it gives it back or it lapses', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const { id, holder } = await opened();
        const holders = [holder];
        let current: string | null = holder;
        let until = rig.test.clock.now() + LEASE_MS;
        let due = -Infinity;
        let lookedAt = true;
        for (const taken of steps) {
          const now = rig.test.clock.now();
          if (taken.kind === 'pass') await rig.test.advance(taken.ms);
          else if (taken.kind === 'release') {
            const giver = holders.at(-1 - taken.whose) ?? holder;
            await releaseLease(rig.deps, id, giver, taken.nextInMs);
            if (giver !== current) continue;
            until = 0;
            due = lookedAt ? now + taken.nextInMs : Math.min(due, now + taken.nextInMs);
            lookedAt = false;
          } else {
            const got: string | null =
              taken.kind === 'staff'
                ? await acquireForStaff(rig.deps, id)
                : await acquireLease(rig.deps, id, { ignoreDue: taken.kind === 'acquire' });
            const free = until < now;
            const wanted = free && (taken.kind !== 'acquire due' || due <= now);
            expect(got !== null, `${taken.kind} at ${now}, held until ${until}, due ${due}`).toBe(wanted);
            if (got === null) continue;
            expect(holders).not.toContain(got);
            holders.push(got);
            current = got;
            until = now + LEASE_MS;
            lookedAt ||= taken.kind !== 'staff';
            if (lookedAt) due = -Infinity;
          }
        }
      }),
      RUNS,
    );
  });

  test.each([
    ['sooner than planned', 500, 0],
    ['later than planned', 0, 0],
  ])('E10: whoever wants a look %s while somebody sends is not overwritten', async (_name, planned, left) => {
    const { id, holder } = await opened();
    await rig.test.advance(100);
    await rig.deps.store.db
      .updateTable('payments')
      .set({ next_ask_at: nowMs })
      .where('id', '=', id)
      .execute();
    expect(await releaseLease(rig.deps, id, holder, planned)).toBe(left);
    expect(await acquireLease(rig.deps, id, { ignoreDue: false })).not.toBeNull();
  });

  test('a holder that dies leaves a payment that is due when its lease has lapsed', async () => {
    const { id, holder } = await opened();
    await releaseLease(rig.deps, id, holder, 60_000);
    expect(await acquireLease(rig.deps, id, { ignoreDue: true })).not.toBeNull();
    await rig.test.advance(LEASE_MS + 1);
    expect(await acquireLease(rig.deps, id, { ignoreDue: false })).not.toBeNull();
  });

  test('D18: of twenty that want it at once, one gets it', async () => {
    const { id } = await opened();
    await rig.test.advance(LEASE_MS + 1);
    const holders = await Promise.all(
      Array.from({ length: 20 }, () => acquireLease(rig.deps, id, { ignoreDue: true })),
    );
    expect(holders.filter((holder) => holder !== null)).toHaveLength(1);
  });
});
