import type { Report } from '../report.ts';

/** Something is known of a payout. */
export type PayoutCallback = { kind: 'payout'; report: Report };

export const readPayoutCallback = (report: Report): PayoutCallback | null =>
  report.type === 'payout' ? { kind: 'payout', report } : null;
