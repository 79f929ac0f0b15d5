import type { Outcome, RunOptions } from './run-seed.ts';

const MAX_RUNS = 250;

export type Part = { steps: number[]; faults: string[] };

/** What a violation is about, whoever it happened to. */
const nameOf = (violation: string): string => violation.split(':')[0] ?? '';

/**
 * Leaves out steps and faults as long as the same invariant still breaks: first halves, then one by one.
 *
 * @param run lives through the failing seed with a part of its plan
 */
export async function shrink(
  outcome: Outcome,
  run: (options: RunOptions) => Promise<Outcome>,
): Promise<Part> {
  const names = new Set(outcome.violations.map(nameOf));
  let part: Part = {
    steps: Array.from({ length: outcome.steps }, (_, index) => index),
    faults: outcome.fired.map(({ key }) => key),
  };
  let runs = 0;
  const stillFails = async (candidate: Part): Promise<boolean> => {
    if (runs >= MAX_RUNS) return false;
    runs += 1;
    const result = await run({ onlySteps: candidate.steps, onlyFaults: new Set(candidate.faults) });
    if (!result.violations.some((violation) => names.has(nameOf(violation)))) return false;
    const fired = new Set(result.fired.map(({ key }) => key));
    part = { steps: candidate.steps, faults: candidate.faults.filter((key) => fired.has(key)) };
    return true;
  };
  for (let before = -1; before !== part.steps.length + part.faults.length; ) {
    before = part.steps.length + part.faults.length;
    for (const list of ['faults', 'steps'] as const)
      for (
        let size = Math.ceil(part[list].length / 2);
        size >= 1;
        size = size === 1 ? 0 : Math.ceil(size / 2)
      )
        for (let from = 0; from < part[list].length; ) {
          const kept = [...part[list].slice(0, from), ...part[list].slice(from + size)];
          if (!(await stillFails({ ...part, [list]: kept }))) from += size;
        }
  }
  return part;
}
