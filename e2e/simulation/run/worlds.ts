import { doCryptoAtOnce } from '../world/crypto-at-once.ts';
import { Database } from '../world/database.ts';
import { type Outcome, type RunOptions, runSeed } from './run-seed.ts';

/** Frames cost more than the errors that faults make; a trace does without them. */
const NO_FRAMES = 0;

/** What all worlds of one process share: the store's schema. While one runs, cryptography needs no threads. */
export async function openWorlds(): Promise<{
  runSeed(seed: number, options?: RunOptions): Promise<Outcome>;
}> {
  const database = await Database.open();
  return {
    runSeed: async (seed, options) => {
      const frames = Error.stackTraceLimit;
      Error.stackTraceLimit = NO_FRAMES;
      const asBefore = doCryptoAtOnce();
      try {
        return await runSeed(database, seed, options);
      } finally {
        asBefore();
        Error.stackTraceLimit = frames;
      }
    },
  };
}
