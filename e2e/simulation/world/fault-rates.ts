import { MAYA_FAULTS } from '../maya/kinds.ts';
import type { Chance } from './chance.ts';
import type { FaultGroup, FaultRates } from './faults.ts';

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

/** Kinds that are worse together than alone: what one hides, the next one is taken for. */
const WORSE_TOGETHER: readonly (readonly string[])[] = [
  ['not-connected'],
  ['not-connected', '401-before'],
  ['lost-after', 'lost-before'],
  ['lost-after', 'emptied-wallet', 'emptied-wallet', 'forgotten-id', 'forgotten-id'],
  ['processed-late', 'declined-by-code', 'not-found', 'refused'],
  ['processed-late', 'answered-late', '401-before', 'not-connected'],
  ['429-after', '429-before', 'not-found', 'refused'],
  ['truncated', '500-after', 'html-after', 'declined'],
  ['lost-after', 'declined', 'declined-by-code'],
];

/** Which faults a world meets, and how often. */
export function makeRates(chance: Chance): FaultRates {
  const rates: FaultRates = {};
  if (chance.maybe(0.06)) return rates;
  const add = (group: FaultGroup, kinds: readonly string[], rate: number) => {
    rates[group] = { rate, kinds };
  };
  const some = (kinds: readonly string[]): string[] => {
    const count = chance.between(1, 5);
    return Array.from({ length: count }, () => chance.pick(kinds) ?? '');
  };
  if (chance.maybe(0.1)) {
    // Processes that sleep over their leases while others wait for answers.
    add('point', ['point.stop'], 0.35);
    add('execute', ['lost-after', 'lost-before', 'answered-late', 'slow', 'declined-by-code'], 0.85);
    return rates;
  }
  const network = chance.pick([0, 0.1, 0.25, 0.25, 0.5]) ?? 0;
  for (const [call, kinds] of Object.entries(MAYA_FAULTS))
    if (call !== 'execute' && network > 0 && chance.maybe(0.6)) add(call as FaultGroup, some(kinds), network);
  const execute = Math.max(network, chance.pick([0, 0.3, 0.6, 0.9]) ?? 0);
  const kinds = chance.maybe(0.3) ? (chance.pick(WORSE_TOGETHER) ?? []) : some(MAYA_FAULTS.execute);
  if (execute > 0) add('execute', kinds, execute);
  if (chance.maybe(0.4)) add('commit', some(COMMIT_FAULTS), chance.pick([0.03, 0.1, 0.25]) ?? 0);
  if (chance.maybe(0.25)) add('read', some(READ_FAULTS), chance.pick([0.02, 0.08]) ?? 0);
  if (chance.maybe(0.35)) add('point', some(POINT_FAULTS), chance.pick([0.05, 0.15, 0.3]) ?? 0);
  return rates;
}
