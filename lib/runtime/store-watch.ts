import { sql } from 'kysely';
import type { Clock } from '../base/clock.ts';
import { SingleFlight } from '../base/single-flight.ts';
import type { Store } from '../db/store.ts';

/** So long an answer counts for the next pages too. */
const COUNTS_FOR_MS = 250;

/** Nobody waits longer for a page that cannot come. Above the pool's wait for a connection there is nothing to learn. */
const ANSWER_WITHIN_MS = 4_000;

/** Tells whether the store answers, before a page is begun that would break off without it. Kept once per process. */
export class StoreWatch {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #looks = new SingleFlight<boolean>();
  #answeredAt = Number.NEGATIVE_INFINITY;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Never throws. */
  isThere(): boolean | Promise<boolean> {
    if (this.#clock.monotonic() - this.#answeredAt < COUNTS_FOR_MS) return true;
    return this.#looks.run('look', () => this.#look());
  }

  async #look(): Promise<boolean> {
    const asked = sql`select 1`.execute(this.#store.db).then(
      () => true,
      () => false,
    );
    const over = new AbortController();
    const late = this.#clock.sleep(ANSWER_WITHIN_MS, over.signal).then(() => false);
    const answered = await Promise.race([asked, late]);
    over.abort();
    if (answered) this.#answeredAt = this.#clock.monotonic();
    return answered;
  }
}
