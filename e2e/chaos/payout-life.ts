import type { Clock } from '#lib/base/clock.ts';
import { systemClock } from '#lib/base/clock.ts';
import type { Settings } from '#lib/base/env.ts';
import { createFetch } from '#lib/base/http.ts';
import { createLog } from '#lib/base/log.ts';
import { openStore } from '#lib/db/store.ts';
import { sweepPayouts } from '#lib/payouts/sweeper.ts';
import { buildRuntime, type Runtime } from '#lib/runtime/build.ts';
import { answerCallback } from '#lib/runtime/ecommpay-callback.ts';
import { type Answered, callbackFrom } from './payout-stage.ts';

/** One process's life: from its start to the moment at which it is killed. */
export type Life = {
  deps: Runtime;
  isDead(): boolean;
  /** Takes a callback; `null` where it dies over it. */
  answer(body: Buffer): Promise<Answered | null>;
  /** Resolves when it dies. */
  death: Promise<void>;
  kill(): void;
};

const never = () => new Promise<never>(() => {});

/**
 * A runtime that dies like a process that is killed when it has passed so many fault points: its calls break off, what it
 * would have done next is never done, and its store is closed under it.
 *
 * @param diesAfter fault points, or `Infinity`
 */
export async function beginLife(settings: Settings, diesAfter: number): Promise<Life> {
  const store = openStore(settings.DATABASE_URL);
  const killed = new AbortController();
  const { signal } = killed;
  const whileAlive = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const result = await work;
      return signal.aborted ? await never() : result;
    } catch (error) {
      if (signal.aborted) return never();
      throw error;
    }
  };
  const clock: Clock = {
    now: systemClock.now,
    monotonic: systemClock.monotonic,
    sleep: (ms, stop) => whileAlive(systemClock.sleep(ms, stop)),
  };
  const wire = createFetch({ connectTimeoutMs: 1_000 });
  let left = diesAfter;
  let died = () => {};
  const death = new Promise<void>((resolve) => {
    died = resolve;
  });
  const kill = () => {
    if (signal.aborted) return;
    killed.abort();
    void store.close().catch(() => {});
    died();
  };
  const deps = await buildRuntime(settings, {
    store,
    clock,
    log: createLog(() => {}, Date.now),
    fetch: (url, init) =>
      whileAlive(wire.fetch(url, { ...init, signal: AbortSignal.any([init.signal, signal]) })),
    reach: () => {
      if (signal.aborted) return never();
      left -= 1;
      if (left > 0) return undefined;
      kill();
      return never();
    },
  });
  deps.announced = () => {};
  void sweepPayouts(deps);
  const answer = async (body: Buffer): Promise<Answered | null> => {
    if (signal.aborted) return null;
    const answered = await Promise.race([answerCallback(deps, callbackFrom(body)), death]);
    return answered ? { status: answered.status, text: await answered.text() } : null;
  };
  return { deps, isDead: () => signal.aborted, answer, death, kill };
}
