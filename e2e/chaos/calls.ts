import type { Stage } from '../built/stage.ts';

/** Counts calls at Maya by name, by following a log that forgets its oldest entries. */
export class CallCounter {
  readonly #stage: Stage;
  readonly #counts = new Map<string, number>();
  #last = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Takes in what was logged since; to be called before the log forgets it. */
  follow(): void {
    for (const { number, call } of this.#stage.simulator.maya.log({ after: this.#last })) {
      this.#last = Math.max(this.#last, number);
      this.#counts.set(call, (this.#counts.get(call) ?? 0) + 1);
    }
  }

  of(call: string): number {
    this.follow();
    return this.#counts.get(call) ?? 0;
  }
}
