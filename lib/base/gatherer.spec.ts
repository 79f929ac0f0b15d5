import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from 'vitest';
import { Gatherer } from './gatherer.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Work that says what it was given and ends when it is told. */
function bench(limit = 3) {
  const gatherer = new Gatherer<string, string>(limit, () => Promise.resolve());
  const batches: string[][] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const run = (item: string) =>
    gatherer.run(item, async (items) => {
      batches.push([...items]);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      await end.promise;
      return items.map((each) => each.toUpperCase());
    });
  const endNext = async () => {
    await settle();
    ends.shift()?.resolve();
    await settle();
  };
  return { run, batches, endNext };
}

test('what arrives while others are under way is done together, each with its own result', async () => {
  const { run, batches, endNext } = bench();
  const first = run('a');
  await settle();
  const more = [run('b'), run('c')];
  await settle();
  expect(batches).toEqual([['a']]);
  await endNext();
  expect(await first).toBe('A');
  expect(batches).toEqual([['a'], ['b', 'c']]);
  await endNext();
  expect(await Promise.all(more)).toEqual(['B', 'C']);
});

test('nobody hears of it before the whole batch is done', async () => {
  const { run, endNext } = bench();
  let heard = 0;
  const all = ['a', 'b', 'c'].map((item) => run(item).then(() => (heard += 1)));
  await settle();
  expect(heard).toBe(0);
  await endNext();
  await endNext();
  await Promise.all(all);
  expect(heard).toBe(3);
});

test('in the order they came, no more than the limit at once: none waits for those that came after it', async () => {
  const { run, batches, endNext } = bench(3);
  const all = [...'abcdefgh'].map(run);
  for (let turn = 0; turn < 3; turn += 1) await endNext();
  expect(batches).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e', 'f'],
    ['g', 'h'],
  ]);
  expect((await Promise.all(all)).join('')).toBe('ABCDEFGH');
});

test('each batch waits for a turn, in which more may arrive', async () => {
  const turns: PromiseWithResolvers<void>[] = [];
  const gatherer = new Gatherer<number, number>(10, () => {
    const turn = Promise.withResolvers<void>();
    turns.push(turn);
    return turn.promise;
  });
  const sizes: number[] = [];
  const run = (item: number) =>
    gatherer.run(item, async (items) => {
      sizes.push(items.length);
      return items;
    });
  const all = [run(1), run(2)];
  await settle();
  expect(sizes).toEqual([]);
  all.push(run(3));
  turns[0]?.resolve();
  expect(await Promise.all(all)).toEqual([1, 2, 3]);
  expect(sizes).toEqual([3]);
  expect(turns).toHaveLength(1);
});

test('after a time without work it works again', async () => {
  const { run, batches, endNext } = bench();
  for (const item of ['a', 'b']) {
    const result = run(item);
    await endNext();
    expect(await result).toBe(item.toUpperCase());
  }
  expect(batches).toEqual([['a'], ['b']]);
});

describe('a batch that fails', () => {
  const outcomes = (all: Promise<string>[]) =>
    Promise.all(
      all.map((each) =>
        each.then(
          (result) => result,
          (error: Error) => `failed: ${error.message}`,
        ),
      ),
    );

  test.each([
    ['one bad item', ['a', 'bad', 'c'], ['A', 'failed: bad', 'C']],
    ['two of them', ['bad', 'b', 'bad'], ['failed: bad', 'B', 'failed: bad']],
    ['nothing but that', ['bad'], ['failed: bad']],
    ['none', ['a', 'b'], ['A', 'B']],
  ])('is done one by one: %s fails nobody beside it', async (_name, items, expected) => {
    const gatherer = new Gatherer<string, string>(10, settle);
    const given: number[] = [];
    const all = items.map((item) =>
      gatherer.run(item, async (batch) => {
        given.push(batch.length);
        if (batch.includes('bad')) throw new Error('bad');
        return batch.map((each) => each.toUpperCase());
      }),
    );
    expect(await outcomes(all)).toEqual(expected);
    const failed = items.includes('bad') && items.length > 1;
    expect(given).toEqual(failed ? [items.length, ...items.map(() => 1)] : [items.length]);
  });

  test('also where it threw at once, or lost a result; and the next one is done', async () => {
    const gatherer = new Gatherer<string, string>(10, settle);
    const thrown = ['a', 'b'].map((item) =>
      gatherer.run(item, () => {
        throw new Error('at once');
      }),
    );
    expect(await outcomes(thrown)).toEqual(['failed: at once', 'failed: at once']);
    const lost = ['a', 'b'].map((item) => gatherer.run(item, async (batch) => batch.slice(1)));
    expect(await outcomes(lost)).toEqual(Array(2).fill('failed: a batch has lost a result'));
    expect(await gatherer.run('c', async (batch) => batch)).toBe('c');
  });
});

test('what is done for many belongs to none of their requests', async () => {
  const request = new AsyncLocalStorage<string>();
  const gatherer = new Gatherer<string, string>(10, settle);
  const seen: (string | undefined)[] = [];
  const run = (name: string) =>
    request.run(name, async () => {
      await gatherer.run(name, async (batch) => {
        seen.push(request.getStore());
        return batch;
      });
      return request.getStore();
    });
  expect(await Promise.all([run('a'), run('b')])).toEqual(['a', 'b']);
  expect(seen).toEqual([undefined]);
});
