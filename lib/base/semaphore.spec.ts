import { expect, test } from 'vitest';
import { Semaphore } from './semaphore.ts';

/** Pieces of work that say when they began and end when they are told. */
function bench(limit: number) {
  const semaphore = new Semaphore(limit);
  const begun: number[] = [];
  const ends = new Map<number, PromiseWithResolvers<number>>();
  const start = (name: number) => {
    const end = Promise.withResolvers<number>();
    ends.set(name, end);
    return semaphore.run(() => {
      begun.push(name);
      return end.promise;
    });
  };
  return { semaphore, begun, start, end: (name: number) => ends.get(name) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('C40: no more than the limit run at once, and the others follow in the order they came', async () => {
  const { begun, start, end } = bench(2);
  const all = [1, 2, 3, 4, 5].map(start);
  await settle();
  expect(begun).toEqual([1, 2]);
  end(2)?.resolve(2);
  await settle();
  expect(begun).toEqual([1, 2, 3]);
  end(3)?.resolve(3);
  end(1)?.resolve(1);
  await settle();
  expect(begun).toEqual([1, 2, 3, 4, 5]);
  end(4)?.resolve(4);
  end(5)?.resolve(5);
  expect(await Promise.all(all)).toEqual([1, 2, 3, 4, 5]);
});

test('the limit holds after a time without work, too', async () => {
  const { begun, start, end } = bench(1);
  for (const name of [1, 2, 3]) {
    const work = start(name);
    end(name)?.resolve(name);
    await work;
  }
  const all = [start(4), start(5)];
  await settle();
  expect(begun).toEqual([1, 2, 3, 4]);
  end(4)?.resolve(4);
  end(5)?.resolve(5);
  await Promise.all(all);
});

test('whoever comes while a place changes hands waits behind those who wait', async () => {
  const { begun, start, end } = bench(1);
  const all = [start(1), start(2)];
  end(1)?.resolve(1);
  await all[0];
  all.push(start(3));
  await settle();
  expect(begun).toEqual([1, 2]);
  end(2)?.resolve(2);
  end(3)?.resolve(3);
  await Promise.all(all);
  expect(begun).toEqual([1, 2, 3]);
});

test('work that fails gives its place back and its error to its caller alone', async () => {
  const { semaphore, begun, start, end } = bench(1);
  const failing = start(1);
  const next = start(2);
  end(1)?.reject(new Error('one'));
  await expect(failing).rejects.toThrow('one');
  end(2)?.resolve(2);
  expect(await next).toBe(2);
  const thrown = semaphore.run(() => {
    throw new Error('at once');
  });
  await expect(thrown).rejects.toThrow('at once');
  const after = start(3);
  await settle();
  expect(begun).toEqual([1, 2, 3]);
  end(3)?.resolve(3);
  await after;
});
