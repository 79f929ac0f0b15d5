import { inConclusions } from './conclusions.ts';
import { inOutside } from './outside.ts';
import { inPayments } from './payments.ts';
import { inPayouts } from './payouts.ts';
import type { Planted } from './plant.ts';
import { inSessions } from './sessions.ts';

/** Bugs that matter: the simulation must find each of them. */
export const planted: readonly Planted[] = [
  ...inPayments,
  ...inConclusions,
  ...inSessions,
  ...[...inOutside, ...inPayouts].map((bug) => ({ ...bug, outside: true })),
];
