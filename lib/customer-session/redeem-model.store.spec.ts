import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRig, type Rig } from '#e2e/rig/rig.ts';
import { testEngine } from '#e2e/rig/test-store.ts';
import { type Redemption, redeem } from './redeem.ts';
import { findSession } from './sessions.ts';
import { handOff } from './spec-helpers.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('redeeming calls nobody')));
});
afterAll(() => rig.close());

const TTL_MS = 120_000;

type Step =
  | { kind: 'hand off' }
  /** By the webview, of the id that was handed over so many hand-offs ago. */
  | { kind: 'open'; ago: number; webview: number }
  | { kind: 'open a guess'; webview: number }
  | { kind: 'pass'; ms: number };

const webview = fc.nat(1);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>({ kind: 'hand off' }),
  fc.record({ kind: fc.constant('open' as const), ago: fc.nat(3), webview }),
  fc.record({ kind: fc.constant('open a guess' as const), webview }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1, TTL_MS - 1, TTL_MS, TTL_MS + 1) }),
);

test('A7, A12, A20: whatever two webviews open in whatever order, an id works once and in time, and each holds one session', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
      const ids: { id: string; until: number; row: string | null }[] = [];
      const held: (string | null)[] = [null, null];
      const over: string[] = [];
      for (const taken of steps) {
        const now = rig.test.clock.now();
        if (taken.kind === 'hand off')
          ids.push({ id: await handOff(rig.deps), until: now + TTL_MS, row: null });
        else if (taken.kind === 'pass') await rig.test.advance(taken.ms);
        else if (taken.kind === 'open a guess')
          expect(await redeem(rig.deps, rig.deps.ids.secret(), held[taken.webview] ?? null)).toEqual({
            kind: 'refused',
            reason: 'unknown',
          });
        else {
          const handed = ids.at(-1 - taken.ago);
          if (!handed) continue;
          const before = held[taken.webview] ?? null;
          const answer = await redeem(rig.deps, handed.id, before);
          const wanted: Redemption['kind'] | 'used' | 'expired' =
            handed.row !== null
              ? handed.row === before
                ? 'reload'
                : 'used'
              : now < handed.until
                ? 'redeemed'
                : 'expired';
          expect(answer.kind === 'refused' ? answer.reason : answer.kind).toBe(wanted);
          if (answer.kind !== 'redeemed') continue;
          handed.row = answer.sessionRow;
          held[taken.webview] = answer.sessionRow;
          if (before) over.push(before);
        }
        for (const row of over) expect(await findSession(rig.deps.store.db, row)).toBeNull();
        for (const row of held)
          if (row) expect(await findSession(rig.deps.store.db, row)).toMatchObject({ row, live: true });
      }
    }),
    { numRuns: testEngine === 'sqlite' ? 60 : 12 },
  );
});
