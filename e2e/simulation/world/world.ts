import { Judge } from '../judge/judge.ts';
import { type Chance, makeChance } from './chance.ts';
import { StoreLock } from './connection.ts';
import type { Database } from './database.ts';
import { Faults } from './faults.ts';
import { Idle, type Sweeper } from './idle.ts';
import type { Plan } from './plan.ts';
import { Prices } from './prices.ts';
import type { Provider } from './provider.ts';
import { Scheduler } from './scheduler.ts';
import type { SimProcess } from './sim-process.ts';

const START_MS = Date.UTC(2027, 0, 15, 2);

/** Faults and steps after which a lease may lapse under a process that still works. */
const MAKES_LEASES_LAPSE = ['store.', 'point.stop', 'clock.'];

export type WorldOptions = {
  database: Database;
  plan: Plan;
  /** Keys of the faults that may happen; all of the plan's if left out. */
  onlyFaults?: ReadonlySet<string> | undefined;
  /** Hears what happens, line by line. */
  trace?: ((line: string) => void) | undefined;
};

/** One simulated world: its time, its store, its processes, its faults and its judge. */
export class World {
  readonly plan: Plan;
  readonly chance: Chance;
  readonly database: Database;
  readonly scheduler = new Scheduler();
  readonly lock = new StoreLock();
  readonly idle: Record<Sweeper, Idle>;
  readonly faults: Faults;
  readonly judge: Judge;
  readonly prices: Prices;
  readonly processes: SimProcess[] = [];
  readonly providers: Provider[] = [];
  readonly reached = new Set<string>();
  readonly startedAtMs = START_MS;
  /** The store's clock against the true time. */
  storeSkewMs = 0;
  /** How much the clocks were set back in all: what was due then is due that much later. */
  setBackMs = 0;
  leasesMayLapse = false;
  /** Whether a process was killed, stopped or replaced, or a clock was set. */
  disturbed = false;
  /** How often all client tokens ended at once, before their time. */
  clientTokensDied = 0;
  /** Whether Maya refused tokens before their time, or an answer with new ones was lost. */
  tokensTroubled: () => boolean = () => false;
  /** Answers to executes that a process has heard, by the execute's reference. */
  readonly heard: { process: SimProcess; reference: string }[] = [];
  /** How many customers and staff are in the middle of something. */
  acting = 0;
  logText: string[] = [];
  #storeAwayUntil = -1;
  #diskFullUntil = -1;
  readonly #counts = new Map<string, number>();
  readonly #trace: ((line: string) => void) | undefined;

  constructor({ database, plan, onlyFaults, trace }: WorldOptions) {
    this.plan = plan;
    this.database = database;
    this.#trace = trace;
    this.chance = makeChance(plan.seed, 1);
    this.prices = new Prices(makeChance(plan.seed, 2));
    this.idle = { payments: new Idle(this, 'payments'), payouts: new Idle(this, 'payouts') };
    this.judge = new Judge(this);
    this.faults = new Faults({
      seed: plan.seed,
      rates: plan.faults,
      only: onlyFaults,
      heard: ({ key, kind }) => {
        if (!kind.startsWith('point.')) this.reach(`fault ${key.split('#')[0]} ${kind}`);
        if (MAKES_LEASES_LAPSE.some((start) => kind.startsWith(start))) this.leasesMayLapse = true;
        if (kind.startsWith('point.')) this.disturbed = true;
        this.note(() => `  fault ${key} ${kind}`);
      },
    });
    database.wipe();
    database.now = this.storeNow;
  }

  readonly storeNow = (): number => Math.trunc(START_MS + this.scheduler.now + this.storeSkewMs);

  /** Writes a line of the trace, if anybody reads it. */
  note(line: () => string): void {
    this.#trace?.(`${(this.scheduler.now / 1_000).toFixed(3).padStart(10)}  ${line()}`);
  }

  reach(situation: string): void {
    this.reached.add(situation);
  }

  countOf(name: string): number {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return count;
  }

  logged(process: SimProcess, line: string): void {
    this.logText.push(line);
    if (this.#trace) {
      const {
        time: _time,
        level: _level,
        event,
        frames: _frames,
        ...fields
      } = JSON.parse(line) as Record<string, unknown>;
      if (event !== 'maya.call') this.note(() => `${process.name}: ${event} ${JSON.stringify(fields)}`);
    }
  }

  /** Something was kept, or the store's clock was set: whoever sleeps until there is something to do looks again. */
  changed(): void {
    this.database.changes += 1;
    for (const idle of Object.values(this.idle)) idle.changed();
  }

  statementMs = (): number => this.chance.int(3);

  slowMs = (): number => this.chance.pick([40, 300, 900, 2_500, 6_500]);

  storeIsAway = (): boolean => this.scheduler.now < this.#storeAwayUntil;

  storeFault(_process: SimProcess, writes: boolean): string | null {
    if (this.storeIsAway()) return writes ? 'store.refused' : 'store.read-failed';
    if (writes && this.scheduler.now < this.#diskFullUntil) return 'store.disk-full';
    const fault = this.faults.decide(writes ? 'commit' : 'read');
    if (fault === 'store.outage') {
      this.#storeAwayUntil = this.scheduler.now + this.chance.pick([200, 1_000, 4_000, 15_000]);
      return writes ? 'store.refused' : 'store.read-failed';
    }
    if (fault === 'store.disk-full')
      this.#diskFullUntil = this.scheduler.now + this.chance.pick([100, 2_000, 9_000]);
    return fault;
  }

  /** Ends every fault: what was away is back, what was stopped goes on. */
  calm(): void {
    this.faults.over = true;
    this.#storeAwayUntil = -1;
    this.#diskFullUntil = -1;
    for (const provider of this.providers) provider.calm();
    for (const process of this.processes) {
      process.killIn = null;
      process.resume();
    }
  }

  /** Processes that answer requests. */
  serving(): SimProcess[] {
    return this.processes.filter(({ alive, draining, runtime }) => alive && !draining && runtime);
  }

  /** Whether an order may be shown as paid without a debit: `PY0010` followed a decline, and was to be believed. */
  mayBelieve(order: string): boolean {
    return this.#isDeclinedAmong(
      `select provider_id from payments where order_id = ? and confirmed_by = 'PY0010'`,
      order,
    );
  }

  /** Whether it ever was so: it may have been contradicted since. */
  wasBelieved(order: string): boolean {
    return this.#isDeclinedAmong(
      `select provider_id from payments join payment_events on payment_id = payments.id
        where order_id = ? and kind = 'execute_answer' and data like '%"already_processed"%'`,
      order,
    );
  }

  #isDeclinedAmong(payments: string, order: string): boolean {
    const { py0010, maya } = this.plan;
    if (py0010 !== 'approved' || maya.repeatAfterDeclined !== 'PY0010') return false;
    const rows = this.database.all<{ provider_id: string }>(payments, order);
    const declined = new Set(
      this.providers.flatMap((provider) => provider.declines()).map(({ providerId }) => providerId),
    );
    return rows.some((row) => declined.has(row.provider_id));
  }
}
