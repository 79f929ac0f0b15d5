import { readSome } from '../base/env.ts';
import { migrate } from '../db/migrate.ts';
import { assertDurable, openStore } from '../db/store.ts';
import { runCommand } from './command.ts';

/** `npm run migrate`: prepares the store, or brings it to the newest schema. May run at several instances at once. */
await runCommand(async () => {
  const { DATABASE_URL } = readSome(process.env, ['DATABASE_URL']);
  const store = openStore(DATABASE_URL);
  try {
    await assertDurable(store);
    const applied = await migrate(store);
    console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The store is up to date.');
  } finally {
    await store.close();
  }
});
