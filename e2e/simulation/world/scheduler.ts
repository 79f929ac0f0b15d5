/** What happens at a moment. A result of `quiet` says that no code was woken, so nobody has to be waited for. */
export type Work = () => unknown;

type Event = { at: number; order: number; work: Work };

/** Lets everything that was woken run until it waits again: all microtasks, and what they woke. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Virtual time. Whatever takes time is an event here; events of one moment happen in the order they were made. Between
 * two events all code that can run has run, so the order of events is the order of everything.
 */
export class Scheduler {
  #now = 0;
  #made = 0;
  readonly #heap: Event[] = [];

  /** True milliseconds since the start of this world. */
  get now(): number {
    return this.#now;
  }

  /** How many events have been made: a measure of work. */
  get made(): number {
    return this.#made;
  }

  in(ms: number, work: Work): void {
    this.#made += 1;
    this.#push({ at: this.#now + Math.max(0, ms), order: this.#made, work });
  }

  /** Lets time pass until `until`, or until `enough` says so after an event. */
  async run(until: number, enough?: () => boolean): Promise<void> {
    await settled();
    for (;;) {
      const next = this.#heap[0];
      if (!next || next.at > until) break;
      this.#pop();
      this.#now = Math.max(this.#now, next.at);
      if (next.work() !== 'quiet') await settled();
      if (enough?.()) return;
    }
    this.#now = Math.max(this.#now, until);
  }

  #before(a: Event, b: Event): boolean {
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Event;
      if (!this.#before(event, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const least =
        right < heap.length && this.#before(heap[right] as Event, heap[left] as Event) ? right : left;
      if (!this.#before(heap[least] as Event, last)) break;
      heap[index] = heap[least] as Event;
      index = least;
    }
    heap[index] = last;
  }
}
