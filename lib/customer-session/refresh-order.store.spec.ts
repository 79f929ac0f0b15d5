import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeRig, makeSession, type Rig } from '#e2e/rig/rig.ts';
import { testEngine } from '#e2e/rig/test-store.ts';
import type { Fetch, FetchInit } from '#lib/base/http.ts';
import { customerToken, USE_MARGIN_MS } from './customer-token.ts';
import { besideStatements, rowOf, tokensOf } from './spec-helpers.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await makeRig(() => Promise.reject(new Error('each run brings its own Maya')));
});
afterAll(() => rig.close());

/** A while, in which whatever is under way outside this thread gets its turn too. */
async function passes(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await rig.test.advance(2_000);
}

type Fate = 'answered' | 'lost' | 'not heard' | 'fault';

/**
 * Maya's `POST /tokens`. Its tokens live too short to be used without another refresh.
 *
 * @returns `generationOf` the session's generation under which a refresh token is saved
 */
function rotating(fates: Iterator<Fate>, pause: () => Promise<unknown>) {
  const generations = new Map<unknown, number>();
  const generationOf = (token: unknown) => generations.get(token) ?? 0;
  let serial = 0;
  const fetch: Fetch = async (url, init) => {
    if (!url.endsWith('/tokens')) return Response.json({ access_token: 'client', expires_in: 3_600 });
    const generation = generationOf(sentIn(init));
    await pause();
    const fate = fates.next().value ?? 'answered';
    if (fate === 'not heard') throw new TypeError('fetch failed');
    if (fate === 'fault') return new Response(null, { status: 503 });
    serial += 1;
    generations.set(`refresh.${serial}`, generation + 1);
    await pause();
    if (fate === 'lost') throw new TypeError('fetch failed');
    return Response.json({
      accessToken: `access.${serial}`,
      refreshToken: `refresh.${serial}`,
      expiresAt: Math.floor(rig.test.clock.now() / 1_000) + 30,
    });
  };
  return { fetch, generationOf };
}

const sentIn = (init: FetchInit) => (JSON.parse(init.body ?? '') as { refreshToken?: unknown }).refreshToken;

test('B5: after a newer refresh token was saved, an older one is never sent, however processes meet and stall', async () => {
  const fate = fc.constantFrom<Fate>('answered', 'answered', 'lost', 'not heard', 'fault');
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fate, { maxLength: 12 }),
      fc.integer({ min: 2, max: 3 }),
      async (scheduler, fates, processes) => {
        const { row } = await makeSession(rig.deps, { expiresInMs: 30_000 });
        const pause = () => scheduler.schedule(Promise.resolve());
        const maya = rotating(fates.values(), pause);
        // Who asked the store just before a newer token was saved could not know of it.
        let saved = 0;
        const askedBefore = new Set<string | null>();
        const look = async () => {
          const { generation, refresh_reference: reference } = await rowOf(rig.deps, row);
          if (generation === saved) return;
          saved = generation;
          askedBefore.add(reference);
        };
        const tooOld: string[] = [];
        const watched: Fetch = (url, init) => {
          const reference = init.headers['Request-Reference-No'] ?? '';
          if (url.endsWith('/tokens') && !askedBefore.has(reference)) {
            const generation = maya.generationOf(sentIn(init));
            if (generation < saved) tooOld.push(`${generation} after ${saved}`);
          }
          return maya.fetch(url, init);
        };

        const callers = Array.from({ length: processes }, async () => {
          const { deps } = await makeRig(watched, { test: rig.test });
          const stalling = besideStatements(deps, {
            after: async () => {
              await look();
              await pause();
            },
          });
          const ask = () => customerToken(stalling, row, { marginMs: USE_MARGIN_MS, evenWhenOver: true });
          await ask();
          await ask();
        });
        let busy = true;
        const time = (async () => {
          while (busy) await scheduler.scheduleSequence([passes]).task;
        })();
        await scheduler.waitFor(Promise.all(callers));
        busy = false;
        await scheduler.waitFor(time);

        expect(tooOld).toEqual([]);
        const kept = await tokensOf(rig.deps, row);
        expect(maya.generationOf(kept?.refreshToken)).toBe(kept?.generation);
      },
    ),
    { numRuns: testEngine === 'sqlite' ? 120 : 15 },
  );
}, 30_000);
