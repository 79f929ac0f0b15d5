import { parseArgs } from 'node:util';
import type { StageEngine } from '../built/stage.ts';

const ENGINES: readonly StageEngine[] = ['sqlite', 'postgres'];

export type KillOptions = {
  rounds: number;
  engines: readonly StageEngine[];
  /** Names of points and disturbances. */
  points: readonly string[];
  crowd: number;
  lanes: number;
  outageMs: number;
  /** No round begins later than this after the start. */
  beginsWithinMs: number;
  state: string;
  fresh: boolean;
  built: boolean;
};

/** Reads a whole number, or says what is wrong with it. */
export function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw new Error(`--${name} must be a whole number above 0, not "${text}"`);
  return Number(text);
}

/**
 * @param known every name that `--point` may have
 * @throws Error that says what to write instead
 */
export function readKillOptions(args: readonly string[], known: readonly string[]): KillOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '20' },
      engine: { type: 'string', multiple: true },
      point: { type: 'string', multiple: true },
      crowd: { type: 'string', default: '8' },
      lanes: { type: 'string', default: '3' },
      outage: { type: 'string', default: '30' },
      minutes: { type: 'string' },
      state: { type: 'string', default: '.data/chaos/kill.json' },
      fresh: { type: 'boolean', default: false },
      built: { type: 'boolean', default: false },
    },
  });
  const engines = values.engine ?? ENGINES;
  const points = values.point ?? known;
  for (const engine of engines)
    if (!ENGINES.some((one) => one === engine))
      throw new Error(`--engine must be sqlite or postgres, not "${engine}"`);
  for (const point of points)
    if (!known.includes(point))
      throw new Error(`There is no point "${point}". There are: ${known.join(', ')}`);
  return {
    rounds: wholeNumber('rounds', values.rounds),
    engines: engines as StageEngine[],
    points,
    crowd: wholeNumber('crowd', values.crowd),
    lanes: wholeNumber('lanes', values.lanes),
    outageMs: wholeNumber('outage', values.outage) * 1_000,
    beginsWithinMs:
      values.minutes === undefined
        ? Number.POSITIVE_INFINITY
        : wholeNumber('minutes', values.minutes) * 60_000,
    state: values.state,
    fresh: values.fresh,
    built: values.built,
  };
}
