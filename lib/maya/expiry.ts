/** Where no expiry can be read, the customer token is taken to end five minutes after it came (contract 4). */
export const ASSUMED_LIFETIME_MS = 5 * 60 * 1_000;

/** Above this a number cannot be seconds of our time, so it is milliseconds. */
const MILLISECONDS_ABOVE = 1e11;

/**
 * Reads `expiresAt`, else `expiryAt`: UNIX seconds, or milliseconds, as a number or numeric text (contract 4 and 7).
 * A moment in the past is taken as it is.
 *
 * @returns milliseconds since 1970
 */
export function readExpiresAtMs(body: Record<string, unknown>, nowMs: number): number {
  for (const value of [body.expiresAt, body.expiryAt]) {
    const number =
      typeof value === 'string' && /^\s*\d{1,16}(\.\d+)?\s*$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0 || number > 1e15) continue;
    return Math.trunc(number > MILLISECONDS_ABOVE ? number : number * 1_000);
  }
  return nowMs + ASSUMED_LIFETIME_MS;
}
