/** A token bucket: `perSecond` a second, bursts up to the same number. Time comes as an argument (monotonic ms). */
export class RateLimit {
  readonly #perSecond: number;
  #tokens: number;
  #last: number | undefined;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
  }

  /** Takes one token if there is one. */
  take(monotonicMs: number): boolean {
    this.#refill(monotonicMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #refill(now: number): void {
    const elapsed = this.#last === undefined ? 0 : Math.max(0, now - this.#last);
    this.#last = now;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + (elapsed / 1000) * this.#perSecond);
  }
}
