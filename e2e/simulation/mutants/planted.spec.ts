import { describe, expect, test } from 'vitest';
import { withBug } from './plant.ts';
import { planted } from './planted.ts';

test('there are at least eighty, each with a name of its own', () => {
  expect(planted.length).toBeGreaterThanOrEqual(80);
  expect(new Set(planted.map(({ name }) => name)).size).toBe(planted.length);
});

describe('each fits the file as it is now', () => {
  test.each(planted.map((bug) => [bug.name, bug] as const))('%s', (_name, bug) => {
    expect(withBug(bug)).toContain(bug.replacement);
  });
});

test('one that no longer fits says so', () => {
  const [bug] = planted;
  if (!bug) throw new Error('there are none');
  expect(() => withBug({ ...bug, text: 'a line that was never written' })).toThrow(/0 times/);
  expect(() => withBug({ ...bug, text: 'const ' })).toThrow(/not once/);
});
