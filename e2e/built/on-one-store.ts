import type { StageEngine } from './stage.ts';

/**
 * Every second case for one store, the others for the other: a taste of both in the time of one. All of them on both is
 * `npm run chaos:kill`, which does it over and over.
 */
export const onOne = <T>(engine: StageEngine, cases: readonly T[]): T[] =>
  cases.filter((_, index) => (index % 2 === 0) === (engine === 'sqlite'));
