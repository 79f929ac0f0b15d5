import type { Settings as MayaSettings } from '#e2e/simulator/maya/settings.ts';
import type { StepKind } from '../steps/kinds.ts';
import { type Chance, makeChance } from './chance.ts';
import { makeRates } from './fault-rates.ts';
import type { FaultRates } from './faults.ts';
import { FIRST_STEPS, type OutsidePlan, outsideKinds, outsideRates, SHARE } from './outside-plan.ts';

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
  /** The second rail, where the world has it. */
  outside: OutsidePlan | null;
  steps: Step[];
};

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
const CLOCKS: StepKind[] = ['clock-jump', 'clock-drift', 'store-clock-jump'];
const TIME: StepKind[] = ['wait', 'wait', 'wait', 'wait-long'];
const RARE: StepKind[] = ['a-day-passes', 'half-an-hour-passes'];

/** Everything about a world, drawn from its seed. Each seed leaves most kinds of trouble out, so that the rest meets. */
export function makePlan(seed: number): Plan {
  const other = makeChance(seed, 6);
  if (other.maybe(SHARE)) return makeOutsidePlan(seed, other);
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
    outside: null,
    steps: makeSteps(chance, devices.length),
  };
}

function makeOutsidePlan(seed: number, chance: Chance): Plan {
  const about = chance.pick(['sales', 'sales', 'sales', 'both rails', 'payouts', 'payouts'] as const);
  const customers = Array.from({ length: chance.pick([1, 1, 2]) }, (_, index) => ({
    id: `customer-${'abc'[index]}`,
    balanceCentavos: chance.maybe(0.15) ? chance.between(0, 90_000) : 10_000_000,
  }));
  const phones = about === 'both rails' ? customers.map((_, index) => index) : [];
  const browsers = [
    ...customers.map((_, index) => index),
    ...(chance.maybe(0.3) ? [chance.int(customers.length)] : []),
  ];
  const devices = [...phones, ...browsers];
  const sale = chance.maybe(0.5) ? 'page' : 'gate';
  const outside: OutsidePlan = { sale, about, browsersFrom: phones.length };
  const { kinds, count } = outsideKinds(chance, outside);
  const first = FIRST_STEPS[about].map((kind) => makeStep(chance, kind, 0, [900, 2_500]));
  if (chance.maybe(0.4)) first.unshift(makeStep(chance, 'second-instance', 0));
  return {
    seed,
    customers,
    devices,
    py0010: 'approved',
    profile: false,
    executeTimeoutMs: chance.pick([2_000, 6_000]),
    maya: { repeatAfterDeclined: 'code' },
    faults: outsideRates(chance, outside),
    outside,
    steps: [
      ...first,
      ...Array.from({ length: count }, () =>
        makeStep(chance, chance.pick(kinds), chance.int(devices.length)),
      ),
    ],
  };
}

const PAUSES = [0, 0, 5, 60, 400, 1_200, 3_000, 7_000, 25_000];

const makeStep = (chance: Chance, kind: StepKind, device: number, pauses = PAUSES): Step => ({
  kind,
  device,
  afterMs: chance.pick(pauses) ?? 0,
  dice: chance.int(1_000_000_000),
});

function makeSteps(chance: Chance, devices: number): Step[] {
  const kinds = [...OFTEN, ...OFTEN];
  const groups = [SOMETIMES, OPERATIONS, OPERATIONS, CLOCKS, TIME];
  for (const group of groups) if (chance.maybe(0.45)) kinds.push(...group);
  if (chance.maybe(0.05)) kinds.push(...RARE, ...RARE, ...RARE);
  const step = (kind: StepKind, device = chance.int(devices), pauses = PAUSES): Step =>
    makeStep(chance, kind, device, pauses);
  const count = chance.pick([2, 3, 4, 5, 8, 12, 20, 37]) ?? 5;
  const steps = [step('open', 0), step('shop', 0, [900, 2_500]), step('tap', 0, [900, 2_500])];
  if (chance.maybe(0.5)) steps.unshift(step('second-instance'));
  for (let index = 0; index < count; index += 1) steps.push(step(chance.pick(kinds) ?? 'tap'));
  return steps;
}
