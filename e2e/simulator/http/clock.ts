/** The wall clock, which can be moved forward. */
export type MovableClock = {
  now(): number;
  /** How far it is before the true time, milliseconds. */
  aheadMs(): number;
  /** Never back. */
  moveTo(time: number): void;
  /** To the true time. */
  reset(): void;
};

export function createMovableClock(now: () => number = Date.now): MovableClock {
  let aheadMs = 0;
  return {
    now: () => now() + aheadMs,
    aheadMs: () => aheadMs,
    moveTo(time) {
      aheadMs = Math.max(aheadMs, time - now());
    },
    reset() {
      aheadMs = 0;
    },
  };
}
