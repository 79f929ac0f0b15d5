/**
 * What `payment.status` says (contract 8). The payment's status decides, never an operation's: on the Payment Page a
 * customer may try again after a declined operation.
 *
 * - `success`, `decline`: final. A decline may still be reversed, late or by hand.
 * - `error`, `expired`: never registered, refused by a check of the data, or the form's window is over. Final once a
 *   signed answer to a status request says so.
 * - `unexpected`: this method knows no refunds and no holds; a person has to look.
 * - `pending`: anything else, also what nobody has seen before.
 */
export type StatusReading = 'success' | 'decline' | 'error' | 'expired' | 'unexpected' | 'pending';

const READINGS: Record<Exclude<StatusReading, 'pending'>, readonly string[]> = {
  success: ['success'],
  decline: ['decline'],
  error: ['error'],
  expired: ['expired'],
  unexpected: [
    'awaiting 3ds result',
    'awaiting capture',
    'canceled',
    'cancelled',
    'refunded',
    'partially refunded',
    'reversed',
    'partially reversed',
  ],
};

const BY_STATUS = new Map(
  Object.entries(READINGS).flatMap(([reading, statuses]) =>
    statuses.map((status) => [status, reading as StatusReading]),
  ),
);

export const readStatus = (status: string): StatusReading => BY_STATUS.get(status) ?? 'pending';
