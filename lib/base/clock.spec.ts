import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whether a promise is settled once everything that can run has run. */
async function watch(promise: Promise<void>) {
  const state = { done: false };
  void promise.then(() => {
    state.done = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return state;
}

test('a sleeper wakes when its time has passed, not before', async () => {
  const sleeper = await watch(systemClock.sleep(1_000));
  await vi.advanceTimersByTimeAsync(999);
  expect(sleeper.done).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(sleeper.done).toBe(true);
});

test('a signal wakes a sleeper at once and leaves neither timer nor listener behind', async () => {
  const controller = new AbortController();
  const remove = vi.spyOn(controller.signal, 'removeEventListener');
  const sleeper = await watch(systemClock.sleep(60_000, controller.signal));
  expect(sleeper.done).toBe(false);
  controller.abort(new Error('never seen: a sleep does not reject'));
  await vi.advanceTimersByTimeAsync(0);
  expect(sleeper.done).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  expect(remove).toHaveBeenCalledOnce();
});

test('a sleeper that woke by itself no longer listens to its signal', async () => {
  const controller = new AbortController();
  const add = vi.spyOn(controller.signal, 'addEventListener');
  const remove = vi.spyOn(controller.signal, 'removeEventListener');
  const sleeper = await watch(systemClock.sleep(10, controller.signal));
  await vi.advanceTimersByTimeAsync(10);
  expect(sleeper.done).toBe(true);
  expect(remove.mock.calls[0]?.[1]).toBe(add.mock.calls[0]?.[1]);
});

test('nobody sleeps under a signal that has aborted', async () => {
  expect((await watch(systemClock.sleep(60_000, AbortSignal.abort()))).done).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

test('a time that is past is no time', async () => {
  expect((await watch(systemClock.sleep(-5))).done).toBe(true);
});

test('A16: durations are measured by a clock that does not step with the wall clock', () => {
  vi.useRealTimers();
  const before = systemClock.monotonic();
  vi.spyOn(Date, 'now').mockReturnValue(0);
  expect(systemClock.now()).toBe(0);
  expect(systemClock.monotonic()).toBeGreaterThanOrEqual(before);
});

test('a sleeper does not keep the process alive', () => {
  vi.useRealTimers();
  const controller = new AbortController();
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  void systemClock.sleep(60_000, controller.signal);
  expect(timers()).toBe(before);
  controller.abort();
});
