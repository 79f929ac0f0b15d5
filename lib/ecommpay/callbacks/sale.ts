import type { Report } from '../report.ts';

/** Something is known of a sale: taken, waiting, done, refused (contract 7, 8). */
export type SaleCallback = { kind: 'sale'; report: Report };

export const readSaleCallback = (report: Report): SaleCallback | null =>
  report.type === 'payout' ? null : { kind: 'sale', report };
