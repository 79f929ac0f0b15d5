import type { TestStore } from './test-store.ts';

const STEP_MS = 250;
const MAX_STEPS = 20_000;
const THREADS = 4;

/** Nobody may go on by himself while he holds a connection; if somebody does, time has to pass for him. */
const MAX_LOOKS = 500;

/** Lets what is on its way to the store, or sealed, arrive: until nobody was at work there three times in a row. */
export async function settleIo(test: TestStore): Promise<void> {
  let quiet = 0;
  for (let look = 0; quiet < 3 && look < MAX_LOOKS; look += 1) {
    quiet = (await test.isBusy()) ? 0 : quiet + 1;
    await throughThreads();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** WebCrypto works on threads: what they were given before is done, or nearly, when each has done something since. */
const throughThreads = () =>
  Promise.all(Array.from({ length: THREADS }, () => crypto.subtle.digest('SHA-256', new Uint8Array(1))));

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
