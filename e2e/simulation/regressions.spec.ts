import { beforeAll, describe, expect, test } from 'vitest';
import { planted } from './mutants/planted.ts';
import { REGRESSIONS } from './regressions.ts';
import { openWorlds } from './run/worlds.ts';

let worlds: Awaited<ReturnType<typeof openWorlds>>;

beforeAll(async () => {
  worlds = await openWorlds();
});

describe.each(REGRESSIONS)('$found', { timeout: 60_000 }, ({ planted: name, seeds }) => {
  if (name !== null) test('is planted again', () => expect(planted.map((bug) => bug.name)).toContain(name));

  test.each(seeds)('does not happen under seed %i', async (seed) => {
    expect((await worlds.runSeed(seed)).violations).toEqual([]);
  });
});
