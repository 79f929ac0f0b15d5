import { isSettingsError } from '../base/env.ts';
import { errorCode } from '../base/errors.ts';
import { errorFields, processLog } from '../base/log.ts';
import { oncePerProcess } from '../base/process.ts';
import { pendingMigrations } from '../db/migrate.ts';
import { assertDurable } from '../db/store.ts';
import { sweep } from '../payments/sweeper.ts';
import { sweepPayouts } from '../payouts/sweeper.ts';
import type { Runtime } from './build.ts';
import { processSettings, runtime } from './runtime.ts';

const RETRY_MS = 1_000;
const DRAIN_MS = 30_000;

/**
 * What a server process does at its start, once: read the settings or refuse, hear signals, and look after whatever an
 * earlier process left behind.
 */
export function startProcess(): void {
  oncePerProcess('start', () => {
    refuseWrongSettings();
    process.on('unhandledRejection', dieOf('process.unhandled_rejection'));
    process.on('uncaughtException', dieOf('process.uncaught_exception'));
    void runtime().then((made) => {
      hearSignals(made);
      made.log.info('process.started', { instance: made.instance, subject: made.settings.MAYA_MODE });
      return lookAfter(made);
    }, dieOf('process.start_failed'));
    return true;
  });
}

/** A throw here would leave a live server that answers 500; so it says what is wrong and ends. */
function refuseWrongSettings(): void {
  try {
    processSettings();
  } catch (error) {
    if (!isSettingsError(error)) throw error;
    const lines = error.problems.map(({ variable, problem }) => `  ${variable}: ${problem}`);
    process.stderr.write(
      `The settings are wrong, so the server does not start:\n${lines.join('\n')}\nSee .env.example.\n`,
    );
    process.exit(1);
  }
}

async function lookAfter(made: Runtime): Promise<void> {
  let complained = false;
  while (!made.stopping.aborted) {
    try {
      await assertDurable(made.store);
      const pending = await pendingMigrations(made.store);
      if (pending.length === 0) break;
      if (!complained) made.log.error('store.not_migrated', { migration: pending[0], count: pending.length });
    } catch (error) {
      if (errorCode(error) === 'store.not_durable') {
        process.stderr.write(
          'The store is set up to forget confirmed commits (synchronous_commit or fsync is off), so the server does not start.\n',
        );
        process.exit(1);
      }
      if (!complained) made.log.error('store.unreachable', errorFields(error));
    }
    complained = true;
    await made.clock.sleep(RETRY_MS, made.stopping);
  }
  await Promise.all([sweep(made, made.consume), sweepPayouts(made)]);
}

/**
 * On SIGTERM and SIGINT: nothing new begins; Next stops accepting, finishes open requests and what they left under
 * `after()`, then exits. What is not done within 30 s is left to the next process.
 */
function hearSignals(made: Runtime): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      made.log.info('process.stopping', { instance: made.instance, signal });
      made.stop.abort();
      setTimeout(() => {
        made.log.warn('process.drain_timeout', { instance: made.instance });
        process.exit(0);
      }, DRAIN_MS).unref();
    });
}

/** A process in an unknown state must not handle money: it says where it failed and ends, and others recover. */
function dieOf(event: string): (error: unknown) => void {
  return (error) => {
    processLog().error(event, errorFields(error));
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 100).unref();
  };
}
