import type { Difference } from './report.ts';
import type { StatusReading } from './statuses.ts';

/** What is on record of one thing that ECommPay said. */
type Recorded = {
  reading: StatusReading;
  differs: readonly Difference[];
  operation: string | null;
  operationStatus: string | null;
  succeeded: readonly string[];
};

/**
 * The operations of one payment that moved money, of all that was ever said of it: a page lets its customer try again,
 * and a decline can be reversed. An answer to our question lists all of them, of which only one explains the payment's status.
 */
export const successes = (said: readonly Recorded[]): ReadonlySet<string> =>
  new Set(
    said.flatMap(({ reading, operation, operationStatus, succeeded, differs }) => {
      if (differs.includes('project') || differs.includes('type')) return [];
      if (succeeded.length > 0) return succeeded;
      // Of a type or a status that is not told, or recorded before all of them were. A later operation of a payment that
      // stays successful may have moved nothing, e.g. a refund that was refused.
      const movedMoney = reading === 'success' && (operationStatus ?? 'success') === 'success';
      return movedMoney && operation !== null ? [operation] : [];
    }),
  );
