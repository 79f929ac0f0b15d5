import type { Clock } from '#lib/base/clock.ts';
import type { FaultPoint, Reach } from '#lib/base/fault-points.ts';
import { createLog, type Log } from '#lib/base/log.ts';
import type { Runtime } from '#lib/runtime/build.ts';
import type { Idle, Sweeper } from './idle.ts';
import type { Work } from './scheduler.ts';
import type { World } from './world.ts';

/** The pause of the sweeper (`lib/payments/sweeper.ts`); its turns that would find nothing are left out. */
const SWEEPER_PAUSE_MS = 1_000;

const STOPS_MS = [3_000, 8_000, 20_000, 70_000];
/** Long enough that others have given up what this process was about to send. */
const LONG_STOPS_MS = [3_000, 20_000, 70_000, 900_000, 4_500_000];

export const never = <T>(): Promise<T> => new Promise<T>(() => {});

/**
 * One process of ours with all that reaches it: clock, log, fault points, and (elsewhere) store and network. Each answer
 * that the process waits for comes through {@link later}, so a process that was killed runs no statement more, and one
 * that is stopped (SIGSTOP) finds everything that happened meanwhile when it continues.
 */
export class SimProcess {
  readonly name: string;
  readonly world: World;
  runtime: Runtime | undefined;
  alive = true;
  stopped = false;
  /** Told to end (SIGTERM): takes no new requests. */
  draining = false;
  /** How many answers from now the process is killed. */
  killIn: number | null = null;
  /** Wall clock against the true time. */
  skewMs = 0;
  #rate = 1;
  #monotonicAt: { true: number; own: number };
  #waiting: (() => void)[] = [];
  readonly #atDeath: (() => void)[] = [];

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
    this.#monotonicAt = { true: world.scheduler.now, own: world.scheduler.now };
  }

  /** Lets `work` happen in this process after `ms`: never if it is dead by then, when it goes on if it is stopped. */
  later(ms: number, work: Work): void {
    this.world.scheduler.in(ms, () => this.run(work));
  }

  run(work: Work): unknown {
    if (!this.alive) return 'quiet';
    if (this.stopped) {
      this.#waiting.push(work);
      return 'quiet';
    }
    if (this.killIn !== null) {
      this.killIn -= 1;
      if (this.killIn < 0) {
        this.world.reach('killed at an await');
        this.kill('at an await');
        return 'quiet';
      }
    }
    return work();
  }

  /** SIGKILL. */
  kill(why: string): void {
    if (!this.alive) return;
    this.world.note(() => `${this.name} is killed ${why}`);
    this.alive = false;
    for (const act of this.#atDeath) act();
  }

  onDeath(act: () => void): void {
    this.#atDeath.push(act);
  }

  /** SIGSTOP, and SIGCONT after `ms`. */
  stop(ms: number): void {
    if (!this.alive || this.stopped) return;
    this.world.note(() => `${this.name} is stopped for ${ms} ms`);
    this.stopped = true;
    this.world.scheduler.in(ms, () => {
      this.world.note(() => `${this.name} goes on`);
      this.resume();
    });
  }

  resume(): void {
    if (!this.stopped) return;
    this.stopped = false;
    for (const work of this.#waiting.splice(0)) this.later(0, work);
  }

  readonly clock: Clock = {
    now: () => Math.floor(this.world.startedAtMs + this.#monotonic() + this.skewMs),
    monotonic: () => this.#monotonic(),
    sleep: (ms, signal) => this.#sleep(ms, signal),
  };

  /** The clock of a sweeper: its pause between two turns lasts until there is something to do. */
  clockOf(sweeper: Sweeper): Clock {
    const idle = this.world.idle[sweeper];
    return {
      ...this.clock,
      sleep: (ms, signal) => this.#sleep(ms, signal, ms === SWEEPER_PAUSE_MS ? idle : undefined),
    };
  }

  #monotonic(): number {
    const { true: at, own } = this.#monotonicAt;
    return own + (this.world.scheduler.now - at) * this.#rate;
  }

  /** Lets the process's clocks run faster or slower from now on. */
  drift(rate: number): void {
    this.#monotonicAt = { true: this.world.scheduler.now, own: this.#monotonic() };
    this.#rate = rate;
  }

  #sleep(ms: number, signal: AbortSignal | undefined, idle?: Idle): Promise<void> {
    if (!this.alive) return never();
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      let done = false;
      const wake = () => {
        if (done) return 'quiet';
        done = true;
        signal?.removeEventListener('abort', leave);
        resolve();
        return undefined;
      };
      const leave = () => void wake();
      signal?.addEventListener('abort', leave);
      if (idle) this.#sleepWhile(idle, wake, () => done);
      else this.world.scheduler.in(ms / this.#rate, () => (done ? 'quiet' : this.run(wake)));
    });
  }

  /** Wakes a sweeper at its next turn at which there is something to do. */
  #sleepWhile(idle: Idle, wake: Work, isDone: () => boolean): void {
    const { scheduler } = this.world;
    const from = scheduler.now;
    const turnFrom = (at: number) =>
      from + Math.max(1, Math.ceil((at - from) / SWEEPER_PAUSE_MS)) * SWEEPER_PAUSE_MS;
    let planned = Number.POSITIVE_INFINITY;
    const planFor = (at: number) => {
      if (at >= planned) return;
      planned = at;
      scheduler.in(at - scheduler.now, () => (planned === at ? turn() : 'quiet'));
    };
    const forget = idle.hear(() => planFor(turnFrom(scheduler.now + 1)));
    const turn = (): unknown => {
      planned = Number.POSITIVE_INFINITY;
      if (isDone() || !this.alive) {
        forget();
        return 'quiet';
      }
      const due = this.stopped ? scheduler.now : idle.dueFrom(scheduler.now);
      if (due <= scheduler.now) {
        forget();
        return this.run(wake);
      }
      if (due < Number.POSITIVE_INFINITY) planFor(turnFrom(Math.max(due, scheduler.now + 1)));
      return 'quiet';
    };
    planFor(turnFrom(from + 1));
  }

  readonly reach: Reach = (point: FaultPoint) => {
    if (!this.alive) return never();
    this.world.reach(`passed ${point}`);
    const fault = this.world.faults.decide('point', point);
    if (fault === 'point.kill') {
      this.world.reach(`killed at ${point}`);
      this.kill(`at ${point}`);
      return never();
    }
    if (fault === 'point.stop') {
      this.world.reach(`stopped at ${point}`);
      this.stop(this.world.chance.pick(this.world.plan.outside ? LONG_STOPS_MS : STOPS_MS));
      return new Promise<void>((resolve) => void this.run(resolve));
    }
    return undefined;
  };

  /** What this process writes. A dead one writes nothing; a line is evidence for the judge. */
  readonly log: Log = createLog(
    (line) => {
      if (!this.alive) return;
      this.world.logged(this, line);
    },
    () => this.clock.now(),
  );
}
