import type { World } from './world.ts';

const HOUSEKEEPING_MS = 30_000;
const LATER_HOUSEKEEPING_MS = 30 * 60_000;
const SOON_MS = 20 * 60_000;

/** What each sweeper looks for, and whether it keeps house beside that. */
const SWEEPERS = {
  payments: {
    keepsHouse: true,
    next: `select min(at) as at from (
      select min(case when next_ask_at > lease_until then next_ask_at else lease_until + 1 end) as at
        from payments where asking <> 'no'
      union all
      select min(case when due_at > lease_until then due_at else lease_until + 1 end)
        from outbox where delivered_at is null
    )`,
  },
  payouts: {
    keepsHouse: false,
    next: `select min(case when next_ask_at > lease_until then next_ask_at else lease_until + 1 end) as at
      from payouts where asking <> 'no'`,
  },
} as const;

export type Sweeper = keyof typeof SWEEPERS;

/**
 * Tells when a turn of a sweeper would find something to do, so that hours in which nothing happens cost nothing.
 * Housekeeping counts as something to do every half minute, later every half hour.
 */
export class Idle {
  readonly #world: World;
  readonly #sweeper: (typeof SWEEPERS)[Sweeper];
  readonly #sleepers = new Set<() => void>();
  #seen = -1;
  #dueAt = 0;
  #cleanedAt = 0;

  constructor(world: World, sweeper: Sweeper) {
    this.#world = world;
    this.#sweeper = SWEEPERS[sweeper];
  }

  /** From when on a turn is worth it, in true time, as the store is now. Whoever hears of it takes that turn. */
  dueFrom(now: number): number {
    const { database, startedAtMs, storeSkewMs } = this.#world;
    const every = now < SOON_MS ? HOUSEKEEPING_MS : LATER_HOUSEKEEPING_MS;
    const cleansAt = this.#sweeper.keepsHouse ? this.#cleanedAt + every : Number.POSITIVE_INFINITY;
    if (cleansAt <= now) {
      this.#cleanedAt = now;
      return now;
    }
    if (this.#seen !== database.changes) {
      this.#seen = database.changes;
      const at = database.get<{ at: number | null }>(this.#sweeper.next)?.at;
      this.#dueAt = at === null || at === undefined ? Number.POSITIVE_INFINITY : Number(at);
    }
    return Math.min(this.#dueAt - startedAtMs - storeSkewMs, cleansAt);
  }

  /** Hears of every change until the returned function is called. */
  hear(changed: () => void): () => void {
    this.#sleepers.add(changed);
    return () => void this.#sleepers.delete(changed);
  }

  /** The store, or its clock, is not as it was. */
  changed(): void {
    for (const tell of this.#sleepers) tell();
  }
}
