import { ECOMMPAY_FAULTS } from '../ecommpay/kinds.ts';
import type { StepKind } from '../steps/kinds.ts';
import type { Chance } from './chance.ts';
import { COMMIT_FAULTS, READ_FAULTS } from './fault-rates.ts';
import type { FaultGroup, FaultRates } from './faults.ts';

/** The second rail in a world: how customers pay there, and what the world is about. */
export type OutsidePlan = {
  sale: 'page' | 'gate';
  about: 'sales' | 'both rails' | 'payouts';
  /** From this index on, devices are ordinary browsers. */
  browsersFrom: number;
};

/** How many worlds have the second rail. They last longer than the others. */
export const SHARE = 0.22;

const SHOPPING: StepKind[] = [
  'tap',
  'tap',
  'tap',
  'double-tap',
  'reload',
  'shop',
  'return',
  'at-the-wallet',
  'continue',
  'tap-twice-anywhere',
];
const SOMETIMES: StepKind[] = [
  'open-link',
  'open-link',
  'tap-twice-anywhere',
  'back-and-tap',
  'cancel',
  'peek',
];
const MONEY: StepKind[] = ['spend-elsewhere', 'top-up', 'price-change', 'checkout-old-quote'];
const BOTH: StepKind[] = ['open-link', 'open-link', 'tap-twice-anywhere', 'tap-twice-anywhere', 'open'];
const PAYOUTS: StepKind[] = [
  'payout-file',
  'payout-file',
  'payout-send',
  'payout-send',
  'payout-send',
  'payout-send-one',
  'payout-decides',
  'payout-asks',
  'payout-top-up',
  'half-an-hour-passes',
  'tap',
];
const OPERATIONS: StepKind[] = [
  'kill',
  'kill-at-await',
  'kill-at-await',
  'restart',
  'stop',
  'second-instance',
  'deploy',
  'staff-decides',
  'staff-asks',
];
const CLOCKS: StepKind[] = ['clock-jump', 'clock-drift', 'store-clock-jump'];
const TIME: StepKind[] = ['wait', 'wait-long', 'wait-long', 'half-an-hour-passes', 'an-hour-passes'];

/** The kinds of steps that may happen, each as often as it stands there, and how many of them. */
export function outsideKinds(chance: Chance, { about }: OutsidePlan): { kinds: StepKind[]; count: number } {
  const kinds: StepKind[] = about === 'payouts' ? [...PAYOUTS] : [...SHOPPING, ...SHOPPING];
  if (about === 'both rails') kinds.push(...BOTH);
  const groups =
    about === 'payouts' ? [OPERATIONS, CLOCKS, TIME] : [SOMETIMES, MONEY, OPERATIONS, CLOCKS, TIME];
  for (const group of groups) if (chance.maybe(0.5)) kinds.push(...group);
  return { kinds, count: chance.pick([2, 3, 4, 6, 9, 13]) };
}

/** With what such a world begins. */
export const FIRST_STEPS: Record<OutsidePlan['about'], readonly StepKind[]> = {
  sales: ['tap'],
  'both rails': ['open', 'shop', 'open-link', 'tap-twice-anywhere'],
  payouts: ['payout-file', 'payout-send'],
};

const POINT_FAULTS = ['point.kill', 'point.kill', 'point.stop'];

/** Kinds that are worse together than alone. */
const WORSE_TOGETHER: Record<'sale' | 'payout', readonly (readonly string[])[]> = {
  sale: [
    ['lost-before', 'lost-after'],
    ['not-connected'],
    ['lost-before', 'refused-as-duplicate', 'refused-in-200'],
    ['processed-late', 'lost-before'],
  ],
  payout: [
    ['lost-before', 'lost-after'],
    ['lost-before', 'refused-in-200', 'refused-as-duplicate'],
    ['refused-as-duplicate'],
    ['lost-after', 'twice-second-answer', '3041-after'],
    ['not-connected', 'lost-before'],
  ],
};

const TAKEN_IN_SILENCE: readonly (readonly string[])[] = [
  ['lost-after'],
  ['lost-after', 'refused-in-200'],
  ['lost-after', 'refused-by-number'],
  ['unknown-code-after'],
];

/** Which faults a world with the second rail meets, and how often, beside those of Maya's calls. */
export function outsideRates(chance: Chance, { about }: OutsidePlan): FaultRates {
  const rates: FaultRates = {};
  if (chance.maybe(0.08)) return rates;
  const add = (group: FaultGroup, kinds: readonly string[], rate: number) => {
    rates[group] = { rate, kinds };
  };
  const some = (kinds: readonly string[]): string[] =>
    Array.from({ length: chance.between(1, 5) }, () => chance.pick(kinds));
  const request = about === 'payouts' ? 'payout' : 'sale';
  const worse = chance.maybe(0.35) ? chance.pick(WORSE_TOGETHER[request]) : some(ECOMMPAY_FAULTS[request]);
  if (chance.maybe(0.6)) add(request, worse, chance.pick([0.3, 0.6, 0.9]));
  const ends = about === 'payouts' ? 'payout-end' : 'sale-end';
  if (chance.maybe(0.7)) add(ends, some(ECOMMPAY_FAULTS[ends]), chance.pick([0.3, 0.6, 0.9]));
  if (about === 'payouts') add('sale', some(ECOMMPAY_FAULTS.sale), 0.1);
  if (chance.maybe(0.5)) add('status', some(ECOMMPAY_FAULTS.status), chance.pick([0.15, 0.4, 0.8]));
  if (chance.maybe(0.7)) add('callback', some(ECOMMPAY_FAULTS.callback), chance.pick([0.2, 0.5, 0.9]));
  if (about === 'both rails' && chance.maybe(0.5))
    add('execute', ['lost-after', 'lost-before', 'declined', 'declined', 'slow'], 0.4);
  if (chance.maybe(0.3)) add('commit', some(COMMIT_FAULTS), chance.pick([0.03, 0.1]));
  if (chance.maybe(0.15)) add('read', some(READ_FAULTS), chance.pick([0.02, 0.06]));
  if (chance.maybe(0.35)) add('point', some(POINT_FAULTS), chance.pick([0.05, 0.15, 0.3]));
  if (chance.maybe(0.12)) {
    // ECommPay takes requests, and keeps that to itself for long.
    add(request, chance.pick(TAKEN_IN_SILENCE), 0.7);
    add('status', ['not-found'], 0.8);
    add('callback', ['late'], 0.9);
    if (about === 'payouts') add('payout-end', ['payout-takes-days'], 0.5);
  }
  return rates;
}
