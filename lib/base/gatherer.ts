import { AsyncLocalStorage } from 'node:async_hooks';

/** Does what it is given in one go. @returns one result each, in their order */
export type Together<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

type Waiting<Item, Result> = {
  item: Item;
  together: Together<Item, Result>;
  resolve(result: Result): void;
  reject(error: unknown): void;
};

/**
 * Gathers what arrives while earlier work is under way, and does it together: one transaction, and one wait for the
 * disk, for many. Whoever hands something in hears of it when all of its batch is done, and not before. A batch that
 * fails is done again one by one, so that one bad item fails nobody beside it.
 */
export class Gatherer<Item, Result> {
  readonly #limit: number;
  readonly #turn: () => Promise<void>;
  readonly #waiting: Waiting<Item, Result>[] = [];
  /** What is done for many belongs to none of their requests. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #busy = false;

  /**
   * @param limit most items of one batch
   * @param turn awaited before each batch: lets what has arrived come this far
   */
  constructor(limit: number, turn: () => Promise<void>) {
    this.#limit = limit;
    this.#turn = turn;
  }

  /** @param together must be the same work at every call: a batch is done by that of its first item */
  run(item: Item, together: Together<Item, Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, together, resolve, reject });
      if (this.#busy) return;
      this.#busy = true;
      void this.#outside(() => this.#work());
    });
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#turn();
      await this.#finish(this.#waiting.splice(0, this.#limit));
    }
    this.#busy = false;
  }

  async #finish(batch: Waiting<Item, Result>[]): Promise<void> {
    const [first, ...more] = batch;
    if (!first) return;
    try {
      const results = await first.together(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error('a batch has lost a result');
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      if (more.length === 0) first.reject(error);
      else await Promise.all(batch.map((one) => this.#finish([one])));
    }
  }
}
