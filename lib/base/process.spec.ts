import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { namesInProcess, oncePerProcess } from './process.ts';

test('D19: a thing is made at its first use and is the same ever after', () => {
  const name = randomUUID();
  const make = vi.fn(() => ({}));
  const first = oncePerProcess(name, make);
  expect(oncePerProcess(name, make)).toBe(first);
  expect(make).toHaveBeenCalledOnce();
  expect(namesInProcess()).toContain(name);
});

test('D19: a second copy of the module finds what the first one made', async () => {
  const name = randomUUID();
  const mine = oncePerProcess(name, () => ({ made: 'here' }));
  vi.resetModules();
  const copy = await import('./process.ts');
  expect(copy.oncePerProcess).not.toBe(oncePerProcess);
  expect(copy.oncePerProcess(name, () => ({ made: 'there' }))).toBe(mine);
  expect(copy.namesInProcess()).toEqual(namesInProcess());
});

test('what could not be made is tried again at the next use', () => {
  const name = randomUUID();
  const fail = () => {
    throw new Error('no');
  };
  expect(() => oncePerProcess(name, fail)).toThrow('no');
  expect(namesInProcess()).not.toContain(name);
  expect(oncePerProcess(name, () => 1)).toBe(1);
});

test.each([undefined, null, false, 0])('%s counts as made', (value) => {
  const name = randomUUID();
  const make = vi.fn(() => value);
  oncePerProcess(name, make);
  expect(oncePerProcess(name, make)).toBe(value);
  expect(make).toHaveBeenCalledOnce();
});
