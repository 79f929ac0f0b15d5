import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit.ts';

const takeAll = (limit: RateLimit, at: number, tries: number) =>
  Array.from({ length: tries }, () => limit.take(at)).filter(Boolean).length;

test('A4: a burst gets one second’s worth, and no more', () => {
  expect(takeAll(new RateLimit(300), 0, 1_000)).toBe(300);
});

test.each([
  [0, 0],
  [99, 0],
  [100, 1],
  [250, 2],
  [1_000, 10],
  [60_000, 10],
])('emptied, after %s ms a limit of 10 a second lets %s through', (ms, expected) => {
  const limit = new RateLimit(10);
  takeAll(limit, 5_000, 10);
  expect(takeAll(limit, 5_000 + ms, 100)).toBe(expected);
});

test('parts of a token add up', () => {
  const limit = new RateLimit(1);
  takeAll(limit, 0, 1);
  expect([250, 500, 750, 1_000].map((at) => limit.take(at))).toEqual([false, false, false, true]);
});

test('in no stretch of time does more come through than its seconds and one burst allow', () => {
  const steps = fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), steps, (perSecond, pauses) => {
      const limit = new RateLimit(perSecond);
      const taken: number[] = [];
      let now = 0;
      for (const pause of pauses) {
        now += pause;
        if (limit.take(now)) taken.push(now);
      }
      for (let first = 0; first < taken.length; first += 1)
        for (let last = first; last < taken.length; last += 1) {
          const seconds = ((taken[last] ?? 0) - (taken[first] ?? 0)) / 1_000;
          expect(last - first + 1).toBeLessThanOrEqual(perSecond + seconds * perSecond + 1e-6);
        }
    }),
  );
});
