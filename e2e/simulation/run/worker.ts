import { plantBug } from '../mutants/plant.ts';
import { planted } from '../mutants/planted.ts';
import { makePlan } from '../world/plan.ts';
import type { Outcome } from './run-seed.ts';

/** What a worker is to do, in its arguments: seeds from, how many, every which, and whether a bug is planted first. */
export type Errand = { from: number; count: number; stride: number; mutant?: string; untilFailure?: boolean };

/** What a worker says: each world in short, and an end. */
export type Word = { kind: 'worlds'; count: number; reached: string[]; failed: Outcome[] } | { kind: 'end' };

const SAID_EVERY = 50;

async function work({ from, count, stride, mutant, untilFailure }: Errand): Promise<void> {
  const bug = mutant === undefined ? undefined : planted.find(({ name }) => name === mutant);
  if (mutant !== undefined && !bug) throw new Error(`There is no planted bug "${mutant}"`);
  if (bug) plantBug(bug);
  const { openWorlds } = await import('./worlds.ts');
  const { runSeed } = await openWorlds();

  let said: Extract<Word, { kind: 'worlds' }> = { kind: 'worlds', count: 0, reached: [], failed: [] };
  const reached = new Set<string>();
  const say = () => {
    process.send?.({ ...said, reached: [...reached] } satisfies Word);
    said = { kind: 'worlds', count: 0, reached: [], failed: [] };
  };
  for (let index = 0; index < count; index += 1) {
    const seed = from + index * stride;
    if (bug?.outside && !makePlan(seed).outside) continue;
    const outcome = await runSeed(seed);
    said.count += 1;
    for (const situation of outcome.reached) reached.add(situation);
    if (outcome.violations.length > 0) said.failed.push(outcome);
    if (outcome.violations.length > 0 && untilFailure) break;
    if (said.count >= SAID_EVERY) say();
  }
  say();
  process.send?.({ kind: 'end' } satisfies Word);
}

// Nobody is left to hear it.
process.once('disconnect', () => process.exit(1));
await work(JSON.parse(process.argv[2] ?? '{}') as Errand);
process.removeAllListeners('disconnect');
process.disconnect?.();
