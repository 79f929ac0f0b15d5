/** Pauses between questions whose answer may come at any time, in milliseconds. */

export const SHORTEST_PAUSE_MS = 1_000;
export const HOUR_MS = 60 * 60 * 1_000;

/** @param random 0 up to 1, spreads what would be asked at one moment */
export const hourlyPauseMs = (random: number): number => HOUR_MS * (0.9 + 0.2 * random);

/**
 * Half of the time that has passed since there was a reason to ask: pauses that grow by half each, without anybody
 * counting them. A clock that was set back gives the shortest one.
 */
export function growingPauseMs(
  sinceMs: number,
  { shortestMs = SHORTEST_PAUSE_MS, longestMs = HOUR_MS }: { shortestMs?: number; longestMs?: number } = {},
): number {
  return Math.ceil(Math.min(Math.max(sinceMs / 2, shortestMs), longestMs));
}

/**
 * When to ask again: pauses grow from a second to an hour; but not past a moment at which the answer will mean
 * something new.
 *
 * @param turningPointsMs e.g. from when on "not found" is final
 */
export function askAgainInMs(nowMs: number, askFromMs: number, turningPointsMs: readonly number[]): number {
  const ahead = turningPointsMs.map((moment) => moment - nowMs).filter((ms) => ms > 0);
  return Math.ceil(Math.min(growingPauseMs(nowMs - askFromMs), ...ahead));
}
