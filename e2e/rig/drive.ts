import { nowMs } from '#lib/db/store.ts';
import type { TestStore } from './test-store.ts';

const STEP_MS = 250;
const MAX_STEPS = 20_000;

/** Lets what is on its way to the store arrive: a few round trips of our own, as slow as the store is now. */
export async function settleIo(test: TestStore): Promise<void> {
  for (let trip = 0; trip < 3; trip += 1) {
    await test.store.db.selectNoFrom(nowMs.as('now')).execute();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Moves the clocks on in small steps until `promise` is there. */
export async function drive<T>(test: TestStore, promise: Promise<T>, stepMs = STEP_MS): Promise<T> {
  let pending = true;
  const watched = promise.finally(() => {
    pending = false;
  });
  watched.catch(() => {});
  for (let step = 0; pending && step < MAX_STEPS; step += 1) {
    await settleIo(test);
    if (pending) await test.advance(stepMs);
  }
  return watched;
}

/** Moves the clocks on in small steps until `look` says so. */
export async function driveUntil<T>(
  test: TestStore,
  look: () => T | Promise<T>,
  wanted: (value: T) => boolean = Boolean,
  stepMs = STEP_MS,
): Promise<T> {
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const value = await look();
    if (wanted(value)) return value;
    await settleIo(test);
    await test.advance(stepMs);
  }
  throw new Error('it never happened');
}
