import { z } from 'zod';

/** What rounds of one kind on one store came to. Numbers only add up. */
export const tallySchema = z.object({
  kills: z.number(),
  /** Customers who were in the middle of something, and payments without an end, when it happened. */
  customers: z.number(),
  payments: z.number(),
  double: z.number(),
  lost: z.number(),
  stuck: z.number(),
  wrong: z.number(),
  /** Payments that a person had to look up. */
  reviews: z.number(),
  /** From the start of the next process to the end of the last payment that was left open; the slowest. */
  slowestMs: z.number(),
  /** Rounds in which that took longer than promised. */
  late: z.number(),
  /** Rounds in which the process did not come to the point: nothing was killed, and nothing is counted. */
  missed: z.number(),
});

export type Tally = z.infer<typeof tallySchema>;

export const emptyTally = (): Tally => ({
  kills: 0,
  customers: 0,
  payments: 0,
  double: 0,
  lost: 0,
  stuck: 0,
  wrong: 0,
  reviews: 0,
  slowestMs: 0,
  late: 0,
  missed: 0,
});

/** The two together. */
export function addTally(a: Tally, b: Tally): Tally {
  const sum = emptyTally();
  for (const key of Object.keys(sum) as (keyof Tally)[])
    sum[key] = key === 'slowestMs' ? Math.max(a[key], b[key]) : a[key] + b[key];
  return sum;
}

export const isClean = ({ double, lost, stuck, wrong }: Tally) => double + lost + stuck + wrong === 0;

const COLUMNS = ['kills', 'customers', 'payments', 'double', 'lost', 'stuck', 'wrong', 'reviews'] as const;

/** A table of tallies by name, with their sum. */
export function table(rows: readonly (readonly [string, Tally])[]): string {
  const sum = rows.map(([, tally]) => tally).reduce(addTally, emptyTally());
  const wide = Math.max(12, ...rows.map(([name]) => name.length));
  const line = (name: string, tally: Tally) =>
    [
      name.padEnd(wide),
      ...COLUMNS.map((column) => String(tally[column]).padStart(9)),
      `${(tally.slowestMs / 1_000).toFixed(1)} s`.padStart(9),
    ].join(' ');
  return [
    ['point'.padEnd(wide), ...COLUMNS.map((column) => column.padStart(9)), 'slowest'.padStart(9)].join(' '),
    ...rows.map(([name, tally]) => line(name, tally)),
    line('all', sum),
  ].join('\n');
}
