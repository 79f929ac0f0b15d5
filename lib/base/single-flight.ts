/** Joins callers of the same key while one call for it is under way; each gets that call's result or error. */
export class SingleFlight<T> {
  readonly #open = new Map<string, Promise<T>>();

  run(key: string, work: () => Promise<T>): Promise<T> {
    const open = this.#open.get(key);
    if (open) return open;
    const flight = Promise.resolve()
      .then(work)
      .finally(() => this.#open.delete(key));
    this.#open.set(key, flight);
    return flight;
  }

  get size(): number {
    return this.#open.size;
  }
}
