import type { StageEngine } from './stage.ts';

/**
 * Every second case for one store, the others for the other: a taste of both in the time of one. `npm run chaos:kill`
 * takes the points of a payment inside Maya to both, over and over.
 */
export const onOne = <T>(engine: StageEngine, cases: readonly T[]): T[] =>
  cases.filter((_, index) => (index % 2 === 0) === (engine === 'sqlite'));
