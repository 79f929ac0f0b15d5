import { CRASH_POINTS, OUTSIDE_MAYA, PAYING_OUT } from '../chaos/crash-points.ts';
import { ECOMMPAY_FAULTS } from './ecommpay/kinds.ts';
import { MAYA_FAULTS } from './maya/kinds.ts';
import { STEP_KINDS } from './steps/kinds.ts';
import { COMMIT_FAULTS, READ_FAULTS } from './world/fault-rates.ts';

/** So many worlds reach everything below but what is {@link RARE}; in fewer, something may be missing. */
const REACHED_FROM_SEEDS = 10_000;

/** Too rare to be met in ten thousand worlds for sure. */
const RARE: ReadonlySet<string> = new Set(['payout concluded review unexpected_status']);
const RARE_FROM_SEEDS = 100_000;

/** How many worlds a run must have that fails where it never got into this situation. */
export const reachedFromSeeds = (situation: string): number =>
  RARE.has(situation) ? RARE_FROM_SEEDS : REACHED_FROM_SEEDS;

/** Situations that a payment, an order, a session or a process must have been in. */
const SITUATIONS = [
  'PY0010 was believed after a decline',
  'a cancellation was refused',
  'a customer was learnt',
  'a day passed',
  'a repeat that may be the first to charge',
  'a session was replaced',
  'a world without faults',
  'an error page',
  'an event was delivered twice',
  'an execute was repeated',
  'an id of Maya came twice',
  'an order was cancelled',
  'checkout: cart_changed',
  'checkout: cart_empty',
  'checkout: order',
  'client tokens died',
  'concluded approved',
  'concluded approved staff',
  'concluded declined',
  'concluded declined PY0105',
  'concluded declined PY0123',
  'concluded failed 2553',
  'concluded failed create_refused',
  'concluded failed create_wrong_echo',
  'concluded failed interrupted',
  'concluded failed no_create',
  'concluded failed not_connected',
  'concluded failed not_found',
  'concluded failed session_over',
  'concluded failed staff',
  'concluded failed too_late',
  'concluded failed too_old',
  'concluded failed unauthorized',
  'concluded failed unavailable',
  'concluded review execute_mismatch',
  'concluded review provider_id_reused',
  'concluded review py0010',
  'concluded review py0010_without_execute',
  'concluded review time_cap',
  'concluded review tokens_gone',
  'concluded review undecided',
  'confirmed by PY0010',
  'confirmed by provider',
  'confirmed by staff',
  'delivered order.paid',
  'deployed',
  'killed',
  'killed at an await',
  'landed /?launched=1',
  'landed /open?reason=expired',
  'landed /open?reason=unknown',
  'landed /open?reason=used',
  'restarted',
  'several instances',
  'shown approved',
  'shown cancelled',
  'shown creating',
  'shown declined',
  'shown executing',
  'shown expired',
  'shown failed',
  'shown open',
  'shown review',
  "somebody tried another customer's order",
  'staff decided charged',
  'staff decided not charged',
  'staff: asked',
  'stopped and continued',
  'tap: following',
  'tap: order_changed',
  'tap: order_closed',
  'tap: session_over',
  'tap: too_many',
  'tap: unavailable',
  'the clock of a process drifted',
  'the clock of a process jumped',
  'the clock of the store jumped ahead',
  'the clock of the store was set back',
];

/** The same of customers outside Maya. */
const OUTSIDE = [
  'a customer came back',
  'a customer walked away before the wallet',
  'a customer walked away in the wallet',
  'a customer looked at the order and went on paying',
  'a hand-over gave up',
  "a private link of Maya's customer was opened",
  'a private link was opened',
  'a sale was sent again',
  'callback answered 200',
  'callback answered 400',
  'callback answered 403',
  'callback answered 500',
  'charged twice by a provider that took its word back',
  'concluded declined 20000',
  'concluded declined 20105',
  'concluded declined 20301',
  'concluded failed 314',
  'concluded failed 3613',
  'concluded failed not_registered',
  'concluded review money_differs',
  'concluded review unexpected_status',
  'in the wallet: approve',
  'in the wallet: cancel',
  'redirected by GET',
  'redirected by POST',
  'tap outside: following',
  'tap outside: order_changed',
  'the page was confirmed',
];

/** And of payouts. */
const PAYOUTS = [
  'a batch was sent',
  'a batch was sent, stopped by balance',
  'a batch was sent, stopped by configuration',
  'a batch was sent, stopped by not_connected',
  'a file of payouts was refused',
  'a payout id was used again',
  'a payout was sent again',
  'one payout was sent',
  'payout concluded declined 20102',
  'payout concluded declined 20106',
  'payout concluded declined 3028',
  'payout concluded failed 2606',
  'payout concluded failed staff',
  'payout concluded held 314',
  'payout concluded held duplicate',
  'payout concluded paid',
  'payout concluded paid staff',
  'payout concluded processing',
  'payout concluded processing clarification',
  'payout concluded ready',
  'payout concluded ready not_connected',
  'payout concluded review money_differs',
  'payout concluded review refused_on_repeat',
  'payout concluded review unexpected_status',
  'payout concluded unknown',
  'payout staff decided not paid',
  'payout staff decided paid',
  'payout staff: asked',
  'payout staff: too early',
  'payouts were imported',
  'the balance was emptied',
  'the balance was filled',
];

/** Everything that a run of enough worlds must have reached: a simulation that never gets there proves nothing of it. */
export const MUST_BE_REACHED: readonly string[] = [
  ...SITUATIONS,
  ...OUTSIDE,
  ...PAYOUTS,
  ...STEP_KINDS.map((kind) => `step ${kind}`),
  ...[...CRASH_POINTS.map(({ point }) => point), ...OUTSIDE_MAYA, ...PAYING_OUT].flatMap((point) => [
    `passed ${point}`,
    `killed at ${point}`,
    `stopped at ${point}`,
  ]),
  ...Object.entries({ ...MAYA_FAULTS, ...ECOMMPAY_FAULTS }).flatMap(([call, kinds]) =>
    kinds.map((kind) => `fault ${call} ${kind}`),
  ),
  ...[...new Set(COMMIT_FAULTS)].map((kind) => `fault commit ${kind}`),
  ...[...new Set(READ_FAULTS)].map((kind) => `fault read ${kind}`),
];

export const unreached = (reached: ReadonlySet<string>): string[] =>
  MUST_BE_REACHED.filter((situation) => !reached.has(situation));
