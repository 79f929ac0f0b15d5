import { expect, test, vi } from 'vitest';
import { SingleFlight } from './single-flight.ts';

test('B1: callers of one key share one call, and its result', async () => {
  const flights = new SingleFlight<object>();
  const answer = Promise.withResolvers<object>();
  const work = vi.fn(() => answer.promise);
  const callers = Array.from({ length: 50 }, () => flights.run('a', work));
  expect(flights.size).toBe(1);
  const result = {};
  answer.resolve(result);
  for (const got of await Promise.all(callers)) expect(got).toBe(result);
  expect(work).toHaveBeenCalledOnce();
  expect(flights.size).toBe(0);
});

test('all callers get the error, and the next one tries anew', async () => {
  const flights = new SingleFlight<number>();
  const work = vi.fn<() => Promise<number>>().mockRejectedValueOnce(new Error('no')).mockResolvedValue(7);
  const results = await Promise.allSettled([flights.run('a', work), flights.run('a', work)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(work).toHaveBeenCalledTimes(1);
  expect(await flights.run('a', work)).toBe(7);
  expect(work).toHaveBeenCalledTimes(2);
});

test('a key that was called while its call ended gets a call of its own', async () => {
  const flights = new SingleFlight<number>();
  let count = 0;
  const work = async () => {
    count += 1;
    return count;
  };
  const numbers: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) numbers.push(await flights.run('a', work));
  expect(numbers).toEqual([1, 2, 3]);
});

test('keys do not wait for each other', async () => {
  const flights = new SingleFlight<string>();
  const never = flights.run('a', () => new Promise(() => {}));
  expect(await flights.run('b', async () => 'b')).toBe('b');
  expect(await flights.run('__proto__', async () => 'c')).toBe('c');
  expect(flights.size).toBe(1);
  expect(never).toBeInstanceOf(Promise);
});

test('work that throws at once is a failed call like any other', async () => {
  const flights = new SingleFlight<never>();
  const thrown = flights.run('a', () => {
    throw new Error('at once');
  });
  await expect(thrown).rejects.toThrow('at once');
  expect(flights.size).toBe(0);
});
