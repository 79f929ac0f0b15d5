import { beforeAll, describe, expect, test } from 'vitest';
import { makePlan } from '../world/plan.ts';
import type { Outcome, RunOptions } from './run-seed.ts';
import { openWorlds } from './worlds.ts';

let runSeed: (seed: number, options?: RunOptions) => Promise<Outcome>;

beforeAll(async () => {
  ({ runSeed } = await openWorlds());
});

async function traceOf(seed: number, options: RunOptions = {}): Promise<string> {
  const lines: string[] = [];
  await runSeed(seed, { ...options, trace: (line) => lines.push(line) });
  return lines.join('\n');
}

/** Worlds of both rails and payouts, with kills, stops, several processes and faults of every kind are among them. */
const SEEDS = [3, 17, 29, 41, 58, 73, 87, 14, 45, 53, 95, 92, 143];

describe('one seed is one world', { timeout: 60_000 }, () => {
  test('its trace is the same to the letter, whatever was simulated in between', async () => {
    const first = new Map<number, string>();
    for (const seed of SEEDS) first.set(seed, await traceOf(seed));
    for (const seed of [...SEEDS].reverse()) expect(await traceOf(seed)).toBe(first.get(seed));
    expect(new Set(first.values()).size).toBe(SEEDS.length);
    for (const trace of first.values()) expect(trace.length).toBeGreaterThan(300);
  });

  test('its outcome does not depend on whether anybody reads the trace', async () => {
    for (const seed of SEEDS) {
      const silent = await runSeed(seed);
      const told = await runSeed(seed, { trace: () => {} });
      expect(told).toEqual(silent);
      expect(silent.violations).toEqual([]);
    }
  });

  test('a part of a plan is lived through without the rest', async () => {
    const seed = SEEDS[0] ?? 0;
    const none = await runSeed(seed, { onlySteps: [0, 1], onlyFaults: new Set() });
    expect(none.fired).toEqual([]);
    expect(none.lastedMs).toBeLessThan((await runSeed(seed)).lastedMs + 1);
    expect(none.violations).toEqual([]);
  });
});

test('both settings of MAYA_PY0010 and both readings of a repeat after DECLINED occur, in every pair', () => {
  const pairs = new Set<string>();
  for (let seed = 1; seed <= 100; seed += 1) {
    const { py0010, maya } = makePlan(seed);
    pairs.add(`${py0010} ${maya.repeatAfterDeclined}`);
  }
  expect([...pairs].sort()).toEqual(['approved PY0010', 'approved code', 'review PY0010', 'review code']);
});

test('worlds have one to three customers, at most four devices and three to forty steps', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const { customers, devices, steps } = makePlan(seed);
    expect(customers.length).toBeGreaterThanOrEqual(1);
    expect(customers.length).toBeLessThanOrEqual(3);
    expect(devices.length).toBeLessThanOrEqual(4);
    expect(steps.length).toBeGreaterThanOrEqual(3);
    expect(steps.length).toBeLessThanOrEqual(41);
  }
});
