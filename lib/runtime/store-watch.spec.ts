import { expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { openStore } from '../db/store.ts';
import { StoreWatch } from './store-watch.ts';

/** A clock that a test sets. */
function makeClock() {
  const clock = { ...systemClock, at: 0, monotonic: () => clock.at };
  return clock;
}

test('D1: tells whether the store answers, and soon when it does not any more', async () => {
  const store = openStore('file::memory:');
  const clock = makeClock();
  const watch = new StoreWatch(store, clock);
  expect(await watch.isThere()).toBe(true);
  await store.close();
  clock.at = 249;
  expect(await watch.isThere()).toBe(true);
  clock.at = 251;
  expect(await watch.isThere()).toBe(false);
  clock.at = 252;
  expect(await watch.isThere()).toBe(false);
});

test('D1: a store that says nothing is gone after a while', async () => {
  const store = openStore('file::memory:');
  const silent = { ...store, db: new Proxy(store.db, { get: never }) };
  let waited = 0;
  const clock = {
    ...systemClock,
    sleep: (ms: number) => {
      waited = ms;
      return Promise.resolve();
    },
  };
  expect(await new StoreWatch(silent, clock).isThere()).toBe(false);
  expect(waited).toBeGreaterThanOrEqual(1_000);
  expect(waited).toBeLessThanOrEqual(5_000);
  await store.close();
});

/** Of a store that takes every question and answers none. */
function never(): unknown {
  return () => ({
    executeQuery: () => new Promise(() => {}),
    provideConnection: () => new Promise(() => {}),
  });
}
