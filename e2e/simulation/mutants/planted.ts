import { inConclusions } from './conclusions.ts';
import { inPayments } from './payments.ts';
import type { Planted } from './plant.ts';
import { inSessions } from './sessions.ts';

/** Bugs that matter: the simulation must find each of them. */
export const planted: readonly Planted[] = [...inPayments, ...inConclusions, ...inSessions];
