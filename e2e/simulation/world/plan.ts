import type { Settings as MayaSettings } from '#e2e/simulator/maya/settings.ts';
import { MAYA_FAULTS } from '../maya/kinds.ts';
import type { StepKind } from '../steps/kinds.ts';
import { type Chance, makeChance } from './chance.ts';
import type { FaultGroup, FaultRates } from './faults.ts';

/** One thing that happens, `afterMs` after the one before. `dice` seeds everything that it decides. */
export type Step = { kind: StepKind; device: number; afterMs: number; dice: number };

/** A world before it begins: all of it follows from the seed. */
export type Plan = {
  seed: number;
  customers: { id: string; balanceCentavos: number }[];
  /** Who holds each device. */
  devices: number[];
  py0010: 'approved' | 'review';
  profile: boolean;
  executeTimeoutMs: number;
  maya: Partial<MayaSettings>;
  faults: FaultRates;
  steps: Step[];
};

export const COMMIT_FAULTS = [
  'store.refused',
  'store.answer-lost',
  'store.answer-lost',
  'store.slow',
  'store.slow',
  'store.busy',
  'store.disk-full',
  'store.outage',
];
export const READ_FAULTS = ['store.slow', 'store.slow', 'store.read-failed', 'store.outage'];
const POINT_FAULTS = ['point.kill', 'point.kill', 'point.stop'];

/** Each weighs as often as it stands here. */
const OFTEN: StepKind[] = [
  'tap',
  'tap',
  'tap',
  'tap',
  'double-tap',
  'reload',
  'reload',
  'shop',
  'shop',
  'open',
];
const SOMETIMES: StepKind[] = [
  'back-and-tap',
  'tap-twice-anywhere',
  'cancel',
  'peek',
  'replay-session-id',
  'replay-session-id',
  'hand-off-again',
  'price-change',
  'checkout-old-quote',
  'spend-elsewhere',
  'top-up',
  'wait',
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
  'client-tokens-die',
];
const CLOCKS: StepKind[] = ['clock-jump', 'clock-drift', 'store-clock-jump', 'wait-long'];
const RARE: StepKind[] = ['a-day-passes', 'half-an-hour-passes'];

/** Everything about a world, drawn from its seed. Each seed leaves most kinds of trouble out, so that the rest meets. */
export function makePlan(seed: number): Plan {
  const chance = makeChance(seed, 0);
  const customers = Array.from({ length: chance.pick([1, 1, 2, 3]) ?? 1 }, (_, index) => ({
    id: `customer-${'abc'[index]}`,
    balanceCentavos: chance.maybe(0.15) ? chance.between(0, 90_000) : 10_000_000,
  }));
  const devices = Array.from({ length: Math.min(4, customers.length + chance.int(3)) }, (_, index) =>
    index < customers.length ? index : chance.int(customers.length),
  );
  return {
    seed,
    customers,
    devices,
    py0010: chance.maybe(0.6) ? 'approved' : 'review',
    profile: chance.maybe(0.35),
    executeTimeoutMs: chance.pick([2_000, 2_000, 6_000, 6_000, 6_000, 60_000]) ?? 6_000,
    maya: {
      repeatAfterDeclined: chance.maybe(0.5) ? 'PY0010' : 'code',
      refreshReuse: chance.maybe(0.4) ? 'revoke-family' : 'refuse',
      accessTokenSeconds: chance.pick([600, 600, 600, 130, 70, 30]) ?? 600,
      clientTokenSeconds: chance.pick([3_600, 3_600, 120]) ?? 3_600,
      paymentExpirySeconds: chance.pick([900, 900, 30]) ?? 900,
      expiresAtField: chance.maybe(0.3) ? 'expiryAt' : 'expiresAt',
      expiresAtUnit: chance.maybe(0.3) ? 'milliseconds' : 'seconds',
    },
    faults: makeRates(chance),
    steps: makeSteps(chance, devices.length),
  };
}

function makeRates(chance: Chance): FaultRates {
  const rates: FaultRates = {};
  if (chance.maybe(0.06)) return rates;
  const add = (group: FaultGroup, kinds: readonly string[], rate: number) => {
    rates[group] = { rate, kinds };
  };
  const some = (kinds: readonly string[]): string[] => {
    const count = chance.between(1, 5);
    return Array.from({ length: count }, () => chance.pick(kinds) ?? '');
  };
  const network = chance.pick([0, 0.1, 0.25, 0.25, 0.5]) ?? 0;
  for (const [call, kinds] of Object.entries(MAYA_FAULTS)) {
    const own = call === 'execute' ? Math.max(network, chance.pick([0, 0.3, 0.6, 0.9]) ?? 0) : network;
    if (own > 0 && (call === 'execute' || chance.maybe(0.6))) add(call as FaultGroup, some(kinds), own);
  }
  if (chance.maybe(0.4)) add('commit', some(COMMIT_FAULTS), chance.pick([0.03, 0.1, 0.25]) ?? 0);
  if (chance.maybe(0.25)) add('read', some(READ_FAULTS), chance.pick([0.02, 0.08]) ?? 0);
  if (chance.maybe(0.35)) add('point', some(POINT_FAULTS), chance.pick([0.05, 0.15, 0.3]) ?? 0);
  return rates;
}

function makeSteps(chance: Chance, devices: number): Step[] {
  const kinds = [...OFTEN, ...OFTEN];
  const groups = [SOMETIMES, OPERATIONS, OPERATIONS, CLOCKS];
  for (const group of groups) if (chance.maybe(0.45)) kinds.push(...group);
  if (chance.maybe(0.05)) kinds.push(...RARE, ...RARE, ...RARE);
  const step = (
    kind: StepKind,
    device = chance.int(devices),
    pauses = [0, 0, 5, 60, 400, 1_200, 3_000, 7_000, 25_000],
  ): Step => ({
    kind,
    device,
    afterMs: chance.pick(pauses) ?? 0,
    dice: chance.int(1_000_000_000),
  });
  const count = chance.pick([2, 3, 4, 5, 8, 12, 20, 37]) ?? 5;
  const steps = [step('open', 0), step('shop', 0, [900, 2_500]), step('tap', 0, [900, 2_500])];
  if (chance.maybe(0.5)) steps.unshift(step('second-instance'));
  for (let index = 0; index < count; index += 1) steps.push(step(chance.pick(kinds) ?? 'tap'));
  return steps;
}
