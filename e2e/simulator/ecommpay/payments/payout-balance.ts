import type { World } from '../world.ts';

/** What payouts can still draw on, in centavos. */
export const payoutBalance = (world: World): number =>
  world.settings.payoutBalanceCentavos - world.ledger.paidOut();
