import nextEnv from '@next/env';
import { isSettingsError } from '../base/env.ts';
import { errorCode } from '../base/errors.ts';
import { isMissingTable } from '../db/migrate.ts';

/** A command that was called wrongly, or cannot be done; its message says what to do. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Reads `.env` files as the server does, runs a command, and turns what goes wrong into one line and exit code 1. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  nextEnv.loadEnvConfig(process.cwd(), process.env.NODE_ENV !== 'production', {
    info: () => {},
    error: console.error,
  });
  try {
    await work();
  } catch (error) {
    if (error instanceof CommandError) console.error(error.message);
    else if (isSettingsError(error))
      console.error(`The settings are wrong:\n${error.message}\nSee .env.example.`);
    else if (isMissingTable(error)) console.error('The store is not prepared. Run "npm run migrate" first.');
    else if (error instanceof Error)
      console.error(`That did not work (${errorCode(error)}): ${error.message}`);
    process.exitCode = 1;
  }
}
