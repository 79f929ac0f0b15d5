import { migrate } from './migrate.ts';
import { openStore } from './store.ts';

/**
 * Another process on the same store, for specs: it opens the store, says `ready`, and on `go` migrates it or inserts
 * rows, each in a transaction of its own. What it was answered goes back to the spec.
 */
const [work, url = '', name = '', count = '0'] = process.argv.slice(2);

const store = openStore(url);

async function insertRows(): Promise<string[]> {
  const stored: string[] = [];
  for (let number = 1; number <= Number(count); number += 1) {
    const id = `${name}-${number}`;
    await store.transaction((tx) =>
      tx
        .insertInto('audit')
        .values({ id, at: number, actor: name, action: 'insert', subject: 'x', evidence: '' })
        .execute(),
    );
    stored.push(id);
  }
  return stored;
}

process.once('message', async () => {
  const answered = work === 'migrate' ? await migrate(store) : await insertRows();
  await store.close();
  process.send?.(answered, () => process.disconnect());
});
process.send?.('ready');
