import { expect, test } from 'vitest';
import { type FaultRates, Faults } from './faults.ts';

const rates: FaultRates = { execute: { rate: 0.5, kinds: ['lost-after', 'reset-before'] } };

const decide = (faults: Faults, times = 40) => Array.from({ length: times }, () => faults.decide('execute'));

test('what happens to the n-th call depends on the seed and n alone', () => {
  const whole = decide(new Faults({ seed: 9, rates }));
  expect(decide(new Faults({ seed: 9, rates }))).toEqual(whole);
  expect(decide(new Faults({ seed: 10, rates }))).not.toEqual(whole);
  expect(whole.filter((kind) => kind !== null).length).toBeGreaterThan(10);
});

test('faults that are left out leave the others as they are', () => {
  const whole = new Faults({ seed: 9, rates });
  decide(whole);
  const kept = whole.fired.slice(2, 5);
  const part = new Faults({ seed: 9, rates, only: new Set(kept.map(({ key }) => key)) });
  decide(part);
  expect(part.fired).toEqual(kept);
});

test('when they are over nothing happens any more', () => {
  const faults = new Faults({ seed: 9, rates });
  faults.over = true;
  expect(new Set(decide(faults))).toEqual(new Set([null]));
});
