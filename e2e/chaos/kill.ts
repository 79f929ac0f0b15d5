import type { RailInterface } from '../built/outside-run.ts';
import { openStage, type Stage, type StageEngine } from '../built/stage.ts';
import type { Round } from './aftermath.ts';
import { buildApp } from './build.ts';
import { CRASH_POINTS } from './crash-points.ts';
import { DISTURBANCES } from './disturbances/all.ts';
import { killRound } from './kill-round.ts';
import { type KillOptions, readKillOptions } from './options.ts';
import { OUTSIDE_POINTS } from './outside-points.ts';
import { outsideRound } from './outside-round.ts';
import { StateFile } from './state-file.ts';
import { emptyTally, isClean, table } from './tally.ts';

/**
 * `npm run chaos:kill`: server processes of the production build are killed at every named point, frozen, cut off from
 * store and network, over and over, while customers pay; after each the books of app and wallet are compared. What was
 * done is kept in a file: stop it with Ctrl-C and start it again to go on.
 */
type Kind = {
  name: string;
  engines: readonly StageEngine[];
  /** How customers outside Maya pay; that rail is off without. */
  rail?: RailInterface;
  round(stage: Stage, number: number, options: KillOptions): Promise<Round>;
};

/** Payments of a crowd overlap; and Maya is as the promise assumes: it says "already processed" after a success only. */
const MAYA = { latencyMs: 60, repeatAfterDeclined: 'code' } as const;

const KINDS: readonly Kind[] = [
  ...CRASH_POINTS.map(
    (point): Kind => ({
      name: point.point,
      engines: ['sqlite', 'postgres'],
      round: (stage, number, { crowd }) => killRound(stage, point, number, crowd),
    }),
  ),
  ...OUTSIDE_POINTS.map(
    (point): Kind => ({
      name: `${point.through}/${point.point}`,
      engines: ['sqlite', 'postgres'],
      rail: point.through,
      round: (stage, number, { crowd }) => outsideRound(stage, point, number, crowd),
    }),
  ),
  ...DISTURBANCES,
];

type Cell = { name: string; kind: Kind; engine: StageEngine };

async function main(): Promise<void> {
  const options = readKillOptions(
    process.argv.slice(2),
    KINDS.map(({ name }) => name),
  );
  buildApp(options.built);
  const state = new StateFile(options.state, options.fresh);
  const isTime = () => performance.now() < options.beginsWithinMs;
  const cells = KINDS.filter(({ name }) => options.points.includes(name)).flatMap((kind) =>
    kind.engines
      .filter((engine) => options.engines.includes(engine))
      .map((engine): Cell => ({ name: `${engine} ${kind.name}`, kind, engine })),
  );
  const waiting = cells.filter(({ name }) => state.tally(name).kills < options.rounds);
  const stop = new AbortController();
  process.once('SIGINT', () => {
    // A terminal tells the servers too, so what runs now says nothing.
    console.log('\nStopping; the rounds that run now are not counted. Start it again to go on.');
    stop.abort();
  });
  console.log(
    `${cells.length} kinds of rounds, ${options.rounds} of each; ${waiting.length} are not done yet. State: ${options.state}`,
  );
  const lane = async () => {
    for (let cell = waiting.shift(); cell && !stop.signal.aborted && isTime(); cell = waiting.shift())
      await runCell(cell, options, state, { stop: stop.signal, isTime });
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));

  const rows = cells.map(({ name }) => [name, state.tally(name)] as const);
  console.log(`\n${table(rows)}`);
  const late = rows.reduce((sum, [, tally]) => sum + tally.late, 0);
  const missed = rows.reduce((sum, [, tally]) => sum + tally.missed, 0);
  console.log(
    `\n${late} starts took longer than 10 s to settle what was left. ${missed} rounds did not come to their point.`,
  );
  const short = cells.filter(({ name }) => state.tally(name).kills < options.rounds);
  for (const { name } of short)
    console.log(`  not done: ${name}, ${state.tally(name).kills} of ${options.rounds}`);
  for (const fault of state.faults) console.log(`  wrong: ${fault.slice(0, 300)}`);
  process.exit(short.length === 0 && rows.every(([, tally]) => isClean(tally)) ? 0 : 1);
}

/** The rounds of one kind on one store that are still to be done. A round that cannot be played is told and ends it. */
async function runCell(
  { name, kind, engine }: Cell,
  options: KillOptions,
  state: StateFile,
  { stop, isTime }: { stop: AbortSignal; isTime(): boolean },
): Promise<void> {
  const stage = await openStage(engine, { servers: 0, ...(kind.rail ? { rail: kind.rail } : {}) });
  stage.simulator.maya.changeSettings(MAYA);
  try {
    let tries = state.tally(name).kills + state.tally(name).missed;
    while (
      state.tally(name).kills < options.rounds &&
      tries < 2 * options.rounds &&
      !stop.aborted &&
      isTime()
    ) {
      const started = performance.now();
      const { tally, faults } = await kind.round(stage, tries, options);
      if (stop.aborted) return;
      tries += 1;
      state.add(name, tally, faults);
      const took = ((performance.now() - started) / 1_000).toFixed(0);
      const done = `${state.tally(name).kills}/${options.rounds}`;
      const end = tally.missed > 0 ? 'did not come to the point' : isClean(tally) ? 'right' : 'WRONG';
      console.log(
        `${name} ${done}: ${tally.customers} customers, ${tally.payments} payments open; ${end} (${took} s)`,
      );
      for (const fault of faults) console.log(`  ${fault}`);
    }
  } catch (error) {
    if (stop.aborted) return;
    const words = (error instanceof Error ? error.message : String(error)).slice(0, 1_000);
    console.log(`${name}: the round could not be played: ${words}`);
    state.add(name, emptyTally(), [`${name}: the round could not be played: ${words.split('\n')[0]}`]);
  } finally {
    await stage.close();
  }
}

await main();
