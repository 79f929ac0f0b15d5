import { NotConnectedError } from '#lib/base/http.ts';
import { type Answer, toResponse } from './answer.ts';
import { never, type SimProcess } from './sim-process.ts';

/** How a call ended for the provider: its answer left whole, or it did not. */
export type Ending = 'delivered' | 'lost';

/** One call of a process to a provider. The process hears one thing at most: an answer, or that the line broke. */
export class Line {
  readonly #process: SimProcess;
  readonly #resolve: (response: Response) => void;
  readonly #reject: (error: unknown) => void;
  #closed = false;
  #over: ((how: Ending) => void) | undefined;

  /** Opens one for a `fetch`: `travel` says what happens on it, and when. */
  static open(process: SimProcess, signal: AbortSignal, travel: (line: Line) => void): Promise<Response> {
    if (!process.alive) return never();
    return new Promise((resolve, reject) => {
      const line = new Line(process, resolve, reject);
      signal.addEventListener('abort', () => line.#abort(signal.reason));
      process.onDeath(() => line.#close('lost'));
      travel(line);
    });
  }

  private constructor(
    process: SimProcess,
    resolve: (response: Response) => void,
    reject: (error: unknown) => void,
  ) {
    this.#process = process;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Tells the provider how it ended, also where it has ended already. */
  whenOver(tell: (how: Ending) => void): void {
    if (this.#closed) tell('lost');
    else this.#over = tell;
  }

  /** The process hears this answer after `ms`. */
  answer(answer: Answer, ms: number, heard: () => void = () => {}): void {
    this.#hear(ms, 'delivered', () => {
      heard();
      this.#resolve(toResponse(answer));
    });
  }

  /** The process hears after `ms` that the line broke. */
  breakOff(error: Error, ms: number): void {
    this.#hear(ms, 'lost', () => this.#reject(error));
  }

  #hear(ms: number, how: Ending, say: () => void): void {
    this.#process.world.scheduler.in(ms, () => {
      if (this.#closed) return 'quiet';
      this.#close(how);
      return this.#process.run(() => void say());
    });
  }

  #abort(reason: unknown): void {
    if (this.#closed) return;
    this.#close('lost');
    this.#reject(reason);
  }

  #close(how: Ending): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#over?.(how);
  }
}

export const reset = () =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });

export const notConnected = () =>
  new TypeError('fetch failed', { cause: new NotConnectedError(new Error('refused')) });
