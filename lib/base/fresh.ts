import type { Clock } from './clock.ts';

/** By both clocks of a process: one of them stands still while the machine sleeps, the other one can be set. */
export type Moment = { monotonic: number; wall: number };

export const momentOf = (clock: Clock): Moment => ({ monotonic: clock.monotonic(), wall: clock.now() });

/** The moment so many milliseconds before another one. */
export const earlier = ({ monotonic, wall }: Moment, byMs: number): Moment => ({
  monotonic: monotonic - byMs,
  wall: wall - byMs,
});

export const msSince = (clock: Clock, { monotonic, wall }: Moment): number =>
  Math.max(clock.monotonic() - monotonic, clock.now() - wall);

/** How old a yes may be when it is acted on. */
export const FRESH_MS = 1_000;

const ASKED_AT_MOST = 3;

/**
 * Whether something holds now, not whether it once did: a process can stand still after the store said yes and before it
 * hears that. A yes that took long is asked for again; after three of these the answer is no.
 */
export async function holdsNow(clock: Clock, ask: () => Promise<boolean>): Promise<boolean> {
  for (let asked = 0; asked < ASKED_AT_MOST; asked += 1) {
    const before = momentOf(clock);
    if (!(await ask())) return false;
    if (msSince(clock, before) <= FRESH_MS) return true;
  }
  return false;
}
