import { expect, test } from 'vitest';
import type { Clock } from './clock.ts';
import { FRESH_MS, holdsNow } from './fresh.ts';

/** Answers one after the other, each with what the two clocks of the process do meanwhile. */
async function asked(...answers: { yes: boolean; monotonic?: number; wall?: number }[]) {
  const now = { monotonic: 5, wall: 1_000_000 };
  const clock: Clock = { now: () => now.wall, monotonic: () => now.monotonic, sleep: async () => {} };
  let count = 0;
  const holds = await holdsNow(clock, async () => {
    const { yes, monotonic = 0, wall = monotonic } = answers[count] ?? { yes: false };
    count += 1;
    now.monotonic += monotonic;
    now.wall += wall;
    return yes;
  });
  return [holds, count];
}

const LONG = FRESH_MS + 1;

test.each<[string, Parameters<typeof asked>, unknown]>([
  ['a yes at once', [{ yes: true }], [true, 1]],
  ['a yes just in time', [{ yes: true, monotonic: FRESH_MS }], [true, 1]],
  ['a no, however late', [{ yes: false, monotonic: LONG }], [false, 1]],
  ['a late yes, and a fresh one', [{ yes: true, monotonic: LONG }, { yes: true }], [true, 2]],
  ['a late yes, and then a no', [{ yes: true, monotonic: LONG }, { yes: false }], [false, 2]],
  [
    'late by the wall clock only, for the machine slept',
    [{ yes: true, wall: LONG }, { yes: false }],
    [false, 2],
  ],
  [
    'late by the monotonic clock only, for the wall clock was set',
    [{ yes: true, monotonic: LONG, wall: 0 }, { yes: false }],
    [false, 2],
  ],
  ['never but late', Array.from({ length: 4 }, () => ({ yes: true, monotonic: LONG })), [false, 3]],
])('%s', async (_name, answers, expected) => {
  expect(await asked(...answers)).toEqual(expected);
});
