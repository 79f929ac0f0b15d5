import type { Clock } from '../base/clock.ts';
import { SingleFlight } from '../base/single-flight.ts';
import type { Store } from '../db/store.ts';
import { checkWriting } from '../db/write-check.ts';

/** A probe may ask as often as it likes: the store is written to no more often than this. */
const TRY_EVERY_MS = 5_000;

/**
 * So long a refused write counts. What is written here is small and may find room where a payment does not, so on a
 * disk that is all but full the writes of customers have the say.
 */
const REFUSED_FOR_MS = 5_000;

/** Tells whether the store takes writes. Kept once per process. */
export class WriteWatch {
  readonly #clock: Clock;
  readonly #tries = new SingleFlight<void>();
  #refusedAt = Number.NEGATIVE_INFINITY;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The store refused a write, of whoever. */
  refused(): void {
    this.#refusedAt = this.#clock.monotonic();
  }

  /** @returns at once where that is known well enough. @throws whatever the store said to the write that was tried */
  async takesWrites(store: Store): Promise<boolean> {
    const now = this.#clock.monotonic();
    if (now - this.#refusedAt < REFUSED_FOR_MS) return false;
    if (this.#writtenAt > this.#refusedAt && now - this.#writtenAt < TRY_EVERY_MS) return true;
    await this.#tries.run('try', async () => {
      try {
        await checkWriting(store.db);
      } catch (error) {
        this.refused();
        throw error;
      }
      this.#writtenAt = this.#clock.monotonic();
    });
    return true;
  }
}
