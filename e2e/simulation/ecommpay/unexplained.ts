import type { Violation } from '#e2e/simulator/ecommpay/violations.ts';

/** What the model caught our code doing. */
export const unexplained = (violations: readonly Violation[]): string[] =>
  violations.map(({ kind, detail }) => `ECommPay caught us: ${kind} (${detail})`);
