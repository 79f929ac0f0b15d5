import { FAULT_POINTS, type FaultPoint } from '#lib/base/fault-points.ts';
import type { ScenarioName } from '../simulator/maya/scenarios/catalogue.ts';

/** How a process is brought to a point. */
export type CrashPoint = {
  point: FaultPoint;
  /** Passed while customers arrive, or while they pay. */
  when: 'arriving' | 'paying';
  /** What Maya does meanwhile, to one customer after the other. */
  scenarios: readonly ScenarioName[];
  /** Whether the customers' tokens have ended, so that Pay begins with a refresh. */
  tokensEnded: boolean;
};

const LOST: readonly ScenarioName[] = ['execute-reset-charged', 'execute-500-charged', 'execute-truncated'];
const LOST_OR_SLOW: readonly ScenarioName[] = [...LOST, 'execute-timeout-uncharged', 'execute-429'];

const OTHERS: Partial<Record<FaultPoint, readonly ScenarioName[]>> = {
  'refresh.refused': ['refresh-refused'],
  'create.saved': ['create-500', 'create-reset'],
  'pay.released': LOST_OR_SLOW,
  'settle.leased': LOST_OR_SLOW,
  'settle.ready': LOST_OR_SLOW,
  'settle.recorded': LOST_OR_SLOW,
  'settle.answered': LOST_OR_SLOW,
  'settle.saved': LOST_OR_SLOW,
  // Only where the first repeat does not end it.
  'settle.released': ['execute-balance-code-after-charge'],
  'execute.recorded': ['approved', 'declined-risk'],
  'execute.answered': ['approved', 'declined-risk', 'execute-500-charged'],
  'execute.saved': ['approved', 'execute-500-charged'],
};

/** Points that only a payment outside Maya passes: `outside-points.ts`. */
export const OUTSIDE_MAYA: readonly FaultPoint[] = FAULT_POINTS.filter((point) =>
  /^(page|sale|callback|return|status)\./.test(point),
);

/** Points that only a payout passes: `npm run chaos:payouts` and the specs of `lib/payouts` stop there. */
export const PAYING_OUT: readonly FaultPoint[] = FAULT_POINTS.filter((point) => point.startsWith('payout.'));

/** Every named point on the way of a payment inside Maya, with what it takes to get there. */
export const CRASH_POINTS: readonly CrashPoint[] = FAULT_POINTS.filter(
  (point) => !OUTSIDE_MAYA.includes(point) && !PAYING_OUT.includes(point),
).map((point) => ({
  point,
  when: /^(session|profile)\./.test(point) ? 'arriving' : 'paying',
  scenarios: OTHERS[point] ?? ['approved'],
  tokensEnded: point.startsWith('refresh.'),
}));
