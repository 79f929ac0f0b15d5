import { nowMs } from '#lib/db/store.ts';
import type { BuiltServer } from '../built/server.ts';
import type { Stage } from '../built/stage.ts';
import { judgeBooks, readBooks, undelivered, unsettled, untilNone } from './inspect.ts';
import type { Rail } from './rails.ts';
import type { Shopper } from './shopper.ts';
import { staffDecides } from './staff.ts';
import type { Tally } from './tally.ts';
import { whyNotPaid } from './why-not-paid.ts';

/** What the start of a process promises, and when a test gives up. */
export const SETTLED_WITHIN_MS = 10_000;
export const GIVE_UP_MS = 90_000;

export type Round = { tally: Tally; faults: string[] };

/** Who is in a round, and on what. */
export type Cast = {
  stage: Stage;
  rail: Rail;
  shoppers: readonly Shopper[];
  /** Orders since this moment are the round's, by the store's clock. */
  since: number;
  /** For whoever reads what was wrong. */
  name: string;
  /** Of the servers, beside the stage's. */
  env?: Record<string, string>;
};

/** A start after whatever happened, and everything that must be true from then on. */
export async function recover(cast: Cast, before: Tally): Promise<Round> {
  const { stage, rail, name } = cast;
  const forgotten = await rail.forgotten(stage);
  const left = await rail.owed(stage);
  const server = await stage.startServer(cast.env);
  const settled = await untilNone(() => rail.owed(stage), GIVE_UP_MS);
  const settledAt = Date.now();
  const tookMs = settledAt - (await startedAt(server));
  const tally = { ...before, wrong: before.wrong + forgotten.length };
  if (left > 0) tally.slowestMs = tookMs;
  if (left > 0 && tookMs > SETTLED_WITHIN_MS) tally.late = 1;
  const faults = forgotten.map((id) => `${name}: the end of ${id} was acknowledged and is not on record`);
  if (settled === null) faults.push(`${name}: payments are still open after ${GIVE_UP_MS} ms`);
  await finish(cast, tally, faults);
  if (server.output.join('\n').includes('unhandled')) faults.push(`${name}: an unhandled rejection`);
  await server.kill();
  return { tally, faults };
}

/** When the process said that it has started; how long Node and Next take before is not ours. */
async function startedAt(server: BuiltServer): Promise<number> {
  const told = () => server.output.find((line) => line.includes('"process.started"'));
  await untilNone(async () => (told() ? 0 : 1), SETTLED_WITHIN_MS);
  return Date.parse((JSON.parse(told() ?? '{}') as { time: string }).time);
}

/** The shoppers go on until each has paid; then the books are compared. Adds what it finds. */
export async function finish(
  { stage, rail, shoppers, since, name }: Cast,
  tally: Tally,
  faults: string[],
  tolerated: readonly string[] = rail.tolerated,
): Promise<void> {
  for (const { id } of shoppers) rail.calm(stage, id);
  const closing = new AbortController();
  const staff = staffDecides(stage, rail, closing.signal);
  const paid = await Promise.all(shoppers.map((shopper) => shopper.untilPaid(GIVE_UP_MS)));
  await untilNone(() => unsettled(stage), GIVE_UP_MS);
  await untilNone(() => undelivered(stage), GIVE_UP_MS);
  closing.abort();
  tally.reviews += (await staff).size;
  const ids = shoppers.map(({ id }) => id);
  const verdict = judgeBooks(await readBooks(stage, rail, ids, since));
  const words = [
    ...verdict.wrong,
    ...shoppers.flatMap(({ id, lies }) => lies.map((lie) => `${id}: ${lie}`)),
    ...(await Promise.all(
      shoppers.filter((_, index) => !paid[index]).map((shopper) => whyNotPaid(stage, shopper)),
    )),
    ...ids.flatMap((id) =>
      rail
        .violations(stage, id)
        .filter(({ kind }) => !tolerated.includes(kind))
        .map(({ kind, detail }) => `${id}: ${kind}: ${detail}`),
    ),
  ];
  tally.double += verdict.double;
  tally.lost += verdict.lost;
  tally.stuck += verdict.stuck;
  tally.wrong += words.length;
  const { double, lost, stuck } = verdict;
  if (double + lost + stuck > 0) faults.push(`${name}: ${double} double, ${lost} lost, ${stuck} stuck`);
  faults.push(...words.map((word) => `${name}: ${word}`));
}

export async function storeNow(stage: Stage): Promise<number> {
  return (await stage.store.db.selectNoFrom(nowMs.as('now')).executeTakeFirstOrThrow()).now;
}
