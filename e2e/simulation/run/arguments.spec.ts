import { expect, test } from 'vitest';
import { readArguments, replayCommand } from './arguments.ts';

test('ten thousand seeds from the first, on every core, unless it says otherwise', () => {
  expect(readArguments([], 4)).toMatchObject({ from: 1, count: 10_000, workers: 4, seed: undefined });
  expect(readArguments(['--seeds', '50', '--from', '7', '--workers', '1'], 4)).toMatchObject({
    from: 7,
    count: 50,
    workers: 1,
  });
});

test('what a failing seed prints is read back', () => {
  const command = replayCommand(513, { steps: [0, 2], faults: ['execute#1', 'commit#12'] });
  expect(command).toBe('npm run simulate -- --seed 513 --steps 0,2 --faults execute#1,commit#12');
  const { seed, onlySteps, onlyFaults } = readArguments(command.split(' ').slice(4), 2);
  expect(seed).toBe(513);
  expect(onlySteps).toEqual([0, 2]);
  expect(onlyFaults).toEqual(new Set(['execute#1', 'commit#12']));
});

test.each([['--seeds', 'many'], ['--from', '-3'], ['--loud']])('%s %s is refused', (...words) => {
  expect(() => readArguments(words.filter(Boolean), 2)).toThrow();
});
