import type { World } from './world.ts';

const HOUSEKEEPING_MS = 30_000;
const LATER_HOUSEKEEPING_MS = 30 * 60_000;
const SOON_MS = 20 * 60_000;

const NEXT = `select min(at) as at from (
  select min(case when next_ask_at > lease_until then next_ask_at else lease_until + 1 end) as at
    from payments where state in ('creating', 'created', 'executing', 'review') and asking <> 'no'
  union all
  select min(case when due_at > lease_until then due_at else lease_until + 1 end)
    from outbox where delivered_at is null
)`;

/**
 * Tells when a turn of the sweeper would find something to do, so that hours in which nothing happens cost nothing.
 * Housekeeping counts as something to do every half minute, later every half hour.
 */
export class Idle {
  readonly #world: World;
  #seen = -1;
  #dueAt = 0;
  #cleanedAt = 0;

  constructor(world: World) {
    this.#world = world;
  }

  isDue(now: number): boolean {
    const { database, storeNow } = this.#world;
    const every = now < SOON_MS ? HOUSEKEEPING_MS : LATER_HOUSEKEEPING_MS;
    if (now - this.#cleanedAt >= every) {
      this.#cleanedAt = now;
      return true;
    }
    if (this.#seen !== database.changes) {
      this.#seen = database.changes;
      this.#dueAt = Number(database.get<{ at: number | null }>(NEXT)?.at ?? Number.POSITIVE_INFINITY);
    }
    return this.#dueAt <= storeNow();
  }
}
