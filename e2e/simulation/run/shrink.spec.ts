import { expect, test } from 'vitest';
import type { Outcome } from './run-seed.ts';
import { shrink } from './shrink.ts';

const outcome = (violations: string[], fired: string[]): Outcome => ({
  seed: 1,
  violations,
  reached: [],
  fired: fired.map((key) => ({ key, kind: 'lost-after' })),
  steps: 12,
  lastedMs: 0,
  events: 0,
});

test('what is left is needed, all of it', async () => {
  const faults = ['execute#1', 'execute#2', 'commit#3', 'commit#9'];
  let runs = 0;
  const part = await shrink(outcome(['charged once: order a'], faults), async ({ onlySteps, onlyFaults }) => {
    runs += 1;
    const fails = [2, 7].every((step) => onlySteps?.includes(step)) && onlyFaults?.has('commit#3');
    return outcome(fails ? ['charged once: order b'] : ['settles: payment c'], [...(onlyFaults ?? [])]);
  });
  expect(part).toEqual({ steps: [2, 7], faults: ['commit#3'] });
  expect(runs).toBeLessThan(100);
});

test('another invariant than the one that broke is another failure', async () => {
  const part = await shrink(outcome(['amount: x'], ['execute#1']), async ({ onlyFaults }) =>
    outcome(['settles: y'], [...(onlyFaults ?? [])]),
  );
  expect(part.steps).toHaveLength(12);
  expect(part.faults).toEqual(['execute#1']);
});
