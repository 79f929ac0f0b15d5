import { afterAll, describe, expect, test } from 'vitest';
import { type ScenarioName, scenarios } from '../simulator/maya/scenarios/catalogue.ts';
import { inParallel } from './in-parallel.ts';
import { onOne } from './on-one-store.ts';
import { describeRun, faults, isBySetting, runScenario, type ScenarioRun } from './scenario-run.ts';
import { openStage, type StageEngine } from './stage.ts';
import { table } from './table.ts';

/** The execute limit of the stage plus fifteen seconds. */
const LIMIT_MS = 2_000 + 15_000;
const AT_ONCE = 16;

const rows: Record<string, string | number>[] = [];
afterAll(() => {
  process.stdout.write(`${table(rows)}\n`);
});

/** What ends the client token, which all customers share, runs alone. */
const ALONE: ScenarioName[] = ['client-token-rejected', 'oauth-down'];
const sideBySide = scenarios.map(({ name }) => name).filter((name) => !ALONE.includes(name));

const byTurns = (engine: StageEngine) => {
  const own = onOne(
    engine,
    sideBySide.filter((name) => !isBySetting(name)),
  );
  return sideBySide.filter((name) => isBySetting(name) || own.includes(name));
};

/** Every scenario, by turns on one store or the other; those that the setting decides on both, each under one setting. */
describe.each([
  ['sqlite', 'approved', byTurns('sqlite'), 40],
  ['postgres', 'review', byTurns('postgres'), 40],
] as const)('on %s with MAYA_PY0010=%s', (engine, py0010, names, atLeast) => {
  test('every scenario ends with the truth and at most one debit', { timeout: 240_000 }, async () => {
    const stage = await openStage(engine, { env: { MAYA_PY0010: py0010 } });
    try {
      const done: { run: ScenarioRun; repeatAfterDeclined: string }[] = [];
      const rounds: {
        repeatAfterDeclined: 'PY0010' | 'code';
        names: readonly ScenarioName[];
        calls: (number | 'natural')[];
      }[] = [
        { repeatAfterDeclined: 'PY0010', names, calls: ['natural', 3] },
        {
          repeatAfterDeclined: 'code',
          names: names.filter((name) => name.startsWith('declined')),
          calls: ['natural'],
        },
      ];
      for (const { repeatAfterDeclined, names, calls } of rounds) {
        stage.simulator.maya.changeSettings({ repeatAfterDeclined });
        const jobs = calls.flatMap((count) => names.map((name) => [name, count] as const));
        await inParallel(jobs, AT_ONCE, async ([name, count]) => {
          done.push({ run: await runScenario(stage, name, count, LIMIT_MS), repeatAfterDeclined });
        });
      }
      for (const name of ALONE)
        done.push({ run: await runScenario(stage, name, 'natural', LIMIT_MS), repeatAfterDeclined: 'code' });

      for (const { run } of done) rows.push({ store: engine, PY0010: py0010, ...describeRun(run) });
      const wrong = done.flatMap(({ run, repeatAfterDeclined }) =>
        faults(run, { py0010, repeatAfterDeclined }).map(
          (fault) => `${run.scenario} (${run.calls}): ${fault}`,
        ),
      );
      expect(wrong).toEqual([]);
      expect(done.length).toBeGreaterThan(atLeast);
    } finally {
      await stage.close();
    }
  });
});
