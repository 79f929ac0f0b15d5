import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './run-seed.ts';
import type { Errand, Word } from './worker.ts';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

export type Findings = { worlds: number; reached: Set<string>; failed: Outcome[] };

/** Sends workers out and gathers what they find. @param heard is told after each message */
export async function sendWorkers(
  errands: readonly Errand[],
  heard: (findings: Findings) => void = () => {},
): Promise<Findings> {
  const findings: Findings = { worlds: 0, reached: new Set(), failed: [] };
  await Promise.all(
    errands.map(
      (errand) =>
        new Promise<void>((resolve, reject) => {
          const child: ChildProcess = fork(WORKER, [JSON.stringify(errand)]);
          let ended = false;
          child.on('message', (word: Word) => {
            if (word.kind === 'end') {
              ended = true;
              return;
            }
            findings.worlds += word.count;
            for (const situation of word.reached) findings.reached.add(situation);
            findings.failed.push(...word.failed);
            heard(findings);
          });
          child.once('error', reject);
          child.once('exit', (code) =>
            code === 0 && ended
              ? resolve()
              : reject(new Error(`a worker ended with ${code} before its errand`)),
          );
        }),
    ),
  );
  findings.failed.sort((a, b) => a.seed - b.seed);
  return findings;
}

/** Seeds `from` and after, shared out so that each worker gets every n-th. */
export function shareOut(from: number, count: number, workers: number): Errand[] {
  return Array.from({ length: Math.min(workers, count) }, (_, index) => ({
    from: from + index,
    count: Math.ceil((count - index) / workers),
    stride: workers,
  }));
}
