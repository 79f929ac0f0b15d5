import { parseArgs } from 'node:util';

export type Arguments = {
  from: number;
  count: number;
  workers: number;
  /** Replays this one seed with its trace. */
  seed: number | undefined;
  onlySteps: readonly number[] | undefined;
  onlyFaults: ReadonlySet<string> | undefined;
  /** Where to write how many tests this was. */
  report: string | undefined;
};

const whole = (text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`"${text}" is not a whole number`);
  return Number(text);
};

const list = (text: string | undefined): string[] | undefined =>
  text === undefined ? undefined : text.split(',').filter((part) => part !== '');

/** @throws Error on an unknown option or a value that is none */
export function readArguments(words: readonly string[], cores: number): Arguments {
  const { values } = parseArgs({
    args: [...words],
    options: {
      seeds: { type: 'string' },
      from: { type: 'string' },
      workers: { type: 'string' },
      seed: { type: 'string' },
      steps: { type: 'string' },
      faults: { type: 'string' },
      report: { type: 'string' },
    },
  });
  const faults = list(values.faults);
  return {
    from: whole(values.from, 1),
    count: whole(values.seeds, 10_000),
    workers: Math.max(1, whole(values.workers, cores)),
    seed: values.seed === undefined ? undefined : whole(values.seed, 0),
    onlySteps: list(values.steps)?.map((step) => whole(step, 0)),
    onlyFaults: faults && new Set(faults),
    report: values.report,
  };
}

/** The one command that lives through a failing world again. */
export function replayCommand(
  seed: number,
  part?: { steps: readonly number[]; faults: readonly string[] },
): string {
  const narrowed = part
    ? ` --steps ${part.steps.join(',') || '""'} --faults ${part.faults.join(',') || '""'}`
    : '';
  return `npm run simulate -- --seed ${seed}${narrowed}`;
}
