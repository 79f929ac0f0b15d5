import type { World } from '../world/world.ts';

/** A piece from the middle of a secret: whoever cut it or set it into something else is found too. */
const PIECE = 24;

/** One world in so many is searched whole; the tables are many. */
const SEARCH_TABLES_EVERY = 8;

/** No secret stands in any line of the log, nor readable in any table. */
export function checkOutput(world: World): void {
  const pieces = new Set(
    world.providers
      .flatMap((provider) => provider.secrets())
      .filter((secret) => secret.length >= PIECE)
      .map((secret) => {
        const from = Math.floor((secret.length - PIECE) / 2);
        return secret.slice(from, from + PIECE);
      }),
  );
  const search = (text: string, where: string) => {
    for (const piece of pieces)
      if (text.includes(piece)) world.judge.wrong('no secret', `a secret stands in ${where}`);
  };
  search(world.logText.join('\n'), 'the log');
  if (world.plan.seed % SEARCH_TABLES_EVERY !== 0) return;
  for (const table of world.database.tables())
    search(JSON.stringify(world.database.all(`select * from ${table}`)), `table ${table}`);
}
