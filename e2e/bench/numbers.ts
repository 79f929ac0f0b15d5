/** The value below which the share `quantile` of the numbers lies. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (numbers: readonly number[]) => quantile(numbers, 0.5);

export type Distribution = { p50: number; p90: number; p99: number; max: number; n: number };

export const distribution = (numbers: readonly number[]): Distribution => ({
  p50: quantile(numbers, 0.5),
  p90: quantile(numbers, 0.9),
  p99: quantile(numbers, 0.99),
  max: Math.max(...numbers),
  n: numbers.length,
});
