import type { Violation, ViolationKind } from '#e2e/simulator/maya/violations.ts';
import type { World } from '../world/world.ts';

/** Late and overlapping calls, which a lease that lapsed (a process that was stopped, a store that was away) may cause. */
const TIMING: readonly ViolationKind[] = [
  'executes-overlapping',
  'refreshes-overlapping',
  'execute-late',
  'refresh-token-reused',
];

/** Two requests of one session may hold two generations for a moment: Maya answers 401, which is dealt with. */
const HARMLESS: readonly ViolationKind[] = ['access-token-superseded'];

/** What the model caught our code doing, without what the plan's faults made of right calls. */
export function unexplained(violations: readonly Violation[], world: World): string[] {
  const late = world.faults.fired.some(({ kind }) => kind === 'processed-late');
  const isExplained = ({ kind }: Violation) =>
    HARMLESS.includes(kind) ||
    (TIMING.includes(kind) && (world.leasesMayLapse || late)) ||
    // Whoever was killed between an answer and saving it leaves the old token to the next.
    (kind === 'refresh-token-reused' && world.disturbed) ||
    // A first execute that was lost is repeated when it is time, and Maya sees the repeat only.
    (kind === 'execute-late' && (world.disturbed || world.faults.fired.length > 0));
  return violations
    .filter((violation) => !isExplained(violation))
    .map(({ kind, detail }) => `Maya caught us: ${kind} (${detail})`);
}
