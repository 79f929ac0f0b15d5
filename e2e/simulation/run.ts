import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { INVARIANTS } from './judge/invariants.ts';
import { MUST_BE_REACHED, reachedFromSeeds, unreached } from './reached.ts';
import { type Arguments, readArguments, replayCommand } from './run/arguments.ts';
import type { Outcome } from './run/run-seed.ts';
import { sendWorkers, shareOut } from './run/send-workers.ts';
import { shrink } from './run/shrink.ts';
import { openWorlds } from './run/worlds.ts';

/**
 * `npm run simulate -- --seeds N --from S`: lives through N simulated worlds and judges each by Maya's book. With
 * `--seed X`: lives through one again and tells what happens in it.
 */

const SHRINK_AT_MOST = 3;
const A_FEW = 20;

async function replay({ seed = 0, onlySteps, onlyFaults }: Arguments): Promise<boolean> {
  const { runSeed } = await openWorlds();
  const outcome = await runSeed(seed, { onlySteps, onlyFaults, trace: (line) => console.log(line) });
  console.log(
    outcome.violations.length === 0
      ? `\nseed ${seed}: every invariant holds`
      : `\nseed ${seed}:\n${outcome.violations.map((violation) => `  ✗ ${violation}`).join('\n')}`,
  );
  return outcome.violations.length === 0;
}

async function explain(outcome: Outcome): Promise<void> {
  const { runSeed } = await openWorlds();
  console.log(`\n✗ seed ${outcome.seed}\n${outcome.violations.map((text) => `  ${text}`).join('\n')}`);
  const part = await shrink(outcome, (options) => runSeed(outcome.seed, options));
  const lines: string[] = [];
  await runSeed(outcome.seed, {
    onlySteps: part.steps,
    onlyFaults: new Set(part.faults),
    trace: (line) => lines.push(line),
  });
  console.log(lines.map((line) => `  ${line}`).join('\n'));
  console.log(`\n  ${replayCommand(outcome.seed, part)}`);
}

async function simulate({ from, count, workers, report }: Arguments): Promise<boolean> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1_000;
  let said = 0;
  let told = 0;
  const { worlds, reached, failed } = await sendWorkers(shareOut(from, count, workers), (findings) => {
    for (; told < findings.failed.length; told += 1) {
      const found = findings.failed[told];
      console.log(`✗ seed ${found?.seed}: ${found?.violations[0]}`);
    }
    if (findings.worlds - said < 10_000) return;
    said = findings.worlds;
    console.log(
      `${findings.worlds} worlds, ${findings.failed.length} failed, ${(findings.worlds / seconds()).toFixed(0)} a second`,
    );
  });
  const took = seconds();
  for (const outcome of failed.slice(0, SHRINK_AT_MOST)) await explain(outcome);
  for (const { seed, violations } of failed.slice(SHRINK_AT_MOST))
    console.log(`✗ seed ${seed}: ${violations[0]}   ${replayCommand(seed)}`);

  const rare = unreached(reached);
  const missing = rare.filter((situation) => count >= reachedFromSeeds(situation));
  if (missing.length === 0 && rare.length > 0 && rare.length <= A_FEW)
    console.log(`not reached in ${count} worlds: ${rare.join(', ')}`);
  if (missing.length > 0) console.log(`\n✗ never reached:\n${missing.map((text) => `  ${text}`).join('\n')}`);
  const broken = new Set(
    failed.flatMap(({ violations }) => violations.map((text) => text.split(':')[0] ?? '')),
  );
  const failures =
    INVARIANTS.filter((invariant) => broken.has(invariant)).length + (missing.length > 0 ? 1 : 0);
  const passed = INVARIANTS.length + 1 - failures;
  console.log(
    `\nseeds ${from} to ${from + count - 1}: ${worlds} worlds, ${failed.length} failed, ` +
      `${MUST_BE_REACHED.length - rare.length} of ${MUST_BE_REACHED.length} situations reached, ` +
      `${took.toFixed(0)} s (${(worlds / took).toFixed(0)} a second on ${workers} cores)`,
  );
  if (report) writeFileSync(report, JSON.stringify({ passed, failed: failures }));
  return failures === 0 && failed.length === 0;
}

const given = readArguments(process.argv.slice(2), availableParallelism());
const ok = given.seed === undefined ? await simulate(given) : await replay(given);
process.exitCode = ok ? 0 : 1;
