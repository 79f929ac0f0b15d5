import { describe, expect, test } from 'vitest';
import { readKillOptions, wholeNumber } from './options.ts';

const KNOWN = ['pay.opened', 'zombie'];

describe('options of the kill matrix', () => {
  test('without any: everything, twenty times, on both stores', () => {
    expect(readKillOptions([], KNOWN)).toEqual({
      rounds: 20,
      engines: ['sqlite', 'postgres'],
      points: KNOWN,
      crowd: 8,
      lanes: 3,
      outageMs: 30_000,
      beginsWithinMs: Number.POSITIVE_INFINITY,
      state: '.data/chaos/kill.json',
      fresh: false,
      built: false,
    });
  });

  test('as asked for', () => {
    const args = [
      '--rounds',
      '5',
      '--engine',
      'sqlite',
      '--point',
      'zombie',
      '--outage',
      '3',
      '--fresh',
      '--minutes',
      '4',
    ];
    expect(readKillOptions(args, KNOWN)).toMatchObject({
      rounds: 5,
      engines: ['sqlite'],
      points: ['zombie'],
      outageMs: 3_000,
      beginsWithinMs: 240_000,
      fresh: true,
    });
  });

  test.each([
    [['--point', 'pay.open'], 'There is no point "pay.open". There are: pay.opened, zombie'],
    [['--engine', 'mysql'], '--engine must be sqlite or postgres, not "mysql"'],
    [['--rounds', '0'], '--rounds must be a whole number above 0, not "0"'],
    [['--round', '3'], "Unknown option '--round'"],
  ])('%j: %s', (args, words) => {
    expect(() => readKillOptions(args, KNOWN)).toThrow(words);
  });
});

test.each([
  ['1', 1],
  ['10000', 10_000],
])('%s is a whole number', (text, number) => expect(wholeNumber('orders', text)).toBe(number));

test.each(['', '0', '-1', '1.5', '1e3', 'ten', '99999999'])('%j is none', (text) => {
  expect(() => wholeNumber('orders', text)).toThrow('--orders must be');
});
