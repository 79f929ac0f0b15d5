import type { SQLInputValue } from 'node:sqlite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SimProcess } from './sim-process.ts';
import { StoreError } from './store-error.ts';

type Wish = { connection: Connection; go: () => void };

/** Who may use the store now: a transaction has it to itself, as on SQLite. */
export class StoreLock {
  holder: Connection | null = null;
  readonly #wishes: Wish[] = [];

  /** Runs `go` at once if nobody else holds the store, else when it is free. */
  enter(connection: Connection, go: () => void): void {
    if (this.holder === null || this.holder === connection) go();
    else this.#wishes.push({ connection, go });
  }

  leave(connection: Connection): void {
    if (this.holder !== connection) return;
    this.holder = null;
    const waiting = this.#wishes.splice(0);
    for (const { connection: next, go } of waiting) next.process.later(0, () => this.enter(next, go));
  }
}

/** One connection of a process to the store. Every statement takes time, and may meet a fault of the plan. */
export class Connection implements DatabaseConnection {
  readonly process: SimProcess;
  #open = false;

  constructor(process: SimProcess) {
    this.process = process;
    process.onDeath(() => this.#forget());
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { kind } = query.query;
    const writes = kind !== 'SelectQueryNode';
    return this.#work<QueryResult<R>>((answer, fail) => {
      const { world } = this.process;
      const fault = this.#open ? null : world.storeFault(this.process, writes);
      if (fault === 'store.read-failed') return fail(new StoreError('gone'));
      if (fault === 'store.refused' || fault === 'store.disk-full' || fault === 'store.busy')
        return fail(new StoreError(fault === 'store.busy' ? 'busy' : 'refused'));
      let result: QueryResult<R>;
      try {
        result = this.#execute<R>(query);
      } catch (error) {
        return fail(error);
      }
      if (writes && !this.#open) {
        world.changed();
      }
      if (fault === 'store.answer-lost') return fail(new StoreError('gone'));
      if (fault === 'store.slow') return this.process.later(world.slowMs(), () => answer(result));
      return answer(result);
    });
  }

  #execute<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
    const { database } = this.process.world;
    const statement = database.prepare(sql);
    const values = parameters as SQLInputValue[];
    if (database.reads(sql)) return { rows: statement.all(...values) as R[] };
    const { changes } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  begin(): Promise<void> {
    return this.#work((answer, fail) => {
      const { world } = this.process;
      if (world.storeIsAway()) return fail(new StoreError('gone'));
      world.lock.holder = this;
      this.#open = true;
      world.database.raw.exec('begin immediate');
      return answer();
    });
  }

  commit(): Promise<void> {
    return this.#work((answer, fail) => {
      const { world } = this.process;
      const fault = world.storeFault(this.process, true);
      if (fault === 'store.refused' || fault === 'store.disk-full' || fault === 'store.busy') {
        this.#end('rollback');
        return fail(new StoreError(fault === 'store.busy' ? 'busy' : 'refused'));
      }
      this.#end('commit');
      world.changed();
      // Between what was kept and hearing of it a process may die.
      const delay = fault === 'store.slow' ? world.slowMs() : 1;
      this.process.later(delay, () =>
        fault === 'store.answer-lost' ? fail(new StoreError('gone')) : answer(),
      );
    });
  }

  rollback(): Promise<void> {
    if (this.#open) this.#end('rollback');
    return Promise.resolve();
  }

  #end(how: 'commit' | 'rollback'): void {
    const { world } = this.process;
    world.database.raw.exec(how);
    this.#open = false;
    world.lock.leave(this);
  }

  /** The process is gone: the store takes back what was not committed. */
  #forget(): void {
    if (this.#open) this.#end('rollback');
  }

  #work<T>(work: (answer: (value: T) => void, fail: (error: unknown) => void) => void): Promise<T> {
    const { process } = this;
    return new Promise<T>((resolve, reject) => {
      process.later(process.world.statementMs(), () => {
        if (this.#open) return work(resolve, reject);
        return process.world.lock.enter(this, () => work(resolve, reject));
      });
    });
  }

  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    yield await Promise.reject(new Error('nothing of ours reads streams'));
  }
}

/** Several connections, as PostgreSQL has them, to the one SQLite in memory. */
export class SimAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class SimDriver implements Driver {
  readonly #process: SimProcess;
  readonly #free: Connection[] = [];

  constructor(process: SimProcess) {
    this.#process = process;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Connection> {
    return this.#free.pop() ?? new Connection(this.#process);
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#free.push(connection as Connection);
  }

  beginTransaction = (connection: DatabaseConnection): Promise<void> => (connection as Connection).begin();
  commitTransaction = (connection: DatabaseConnection): Promise<void> => (connection as Connection).commit();
  rollbackTransaction = (connection: DatabaseConnection): Promise<void> =>
    (connection as Connection).rollback();

  async destroy(): Promise<void> {}
}

/** How a process of the world reaches the store. */
export function simDialect(process: SimProcess): Dialect {
  return {
    createAdapter: () => new SimAdapter(),
    createDriver: () => new SimDriver(process),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
