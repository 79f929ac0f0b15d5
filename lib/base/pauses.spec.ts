import fc from 'fast-check';
import { expect, test } from 'vitest';
import { askAgainInMs, growingPauseMs, hourlyPauseMs } from './pauses.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test.each([
  [0, 1 * SECOND],
  [1 * SECOND, 1 * SECOND],
  [10 * SECOND, 5 * SECOND],
  [30 * MINUTE, 15 * MINUTE],
  [2 * HOUR, HOUR],
  [24 * HOUR, HOUR],
  [-5 * MINUTE, 1 * SECOND],
])('%i ms after there was a reason to ask, the next question comes in %i ms', (since, pause) => {
  expect(askAgainInMs(1_000_000_000, 1_000_000_000 - since, [])).toBe(pause);
});

test('not past a moment at which the answer will mean something new', () => {
  const now = 1_000_000_000;
  const at = (...moments: number[]) => askAgainInMs(now, now - HOUR, moments);
  expect(at(now + 7 * MINUTE, now + 9 * MINUTE)).toBe(7 * MINUTE);
  expect(at(now - MINUTE, now)).toBe(30 * MINUTE);
  expect(at(now + HOUR)).toBe(30 * MINUTE);
});

test('E10: a day of asking is some thirty questions, whenever it began', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 * MINUTE }), (since) => {
      let asked = 0;
      for (let now = since; now < 24 * HOUR; asked += 1) now += askAgainInMs(now, 0, []);
      expect(asked).toBeGreaterThan(24);
      expect(asked).toBeLessThan(50);
    }),
  );
});

test('pauses grow by half each, from the shortest to the longest', () => {
  const pauses: number[] = [];
  for (let since = 0; pauses.length < 12; since += pauses.at(-1) ?? 0)
    pauses.push(growingPauseMs(since, { shortestMs: 500, longestMs: 10_000 }));
  expect(pauses).toEqual([500, 500, 500, 750, 1_125, 1_688, 2_532, 3_798, 5_697, 8_545, 10_000, 10_000]);
  expect(growingPauseMs(-10_000, { shortestMs: 500, longestMs: 10_000 })).toBe(500);
});

test('an hour is an hour, give or take a tenth', () => {
  expect([0, 0.5, 1].map((random) => hourlyPauseMs(random) / MINUTE)).toEqual([54, 60, expect.closeTo(66)]);
});
