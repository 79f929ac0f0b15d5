import type { Engine, Tx } from '../store.ts';
import * as core from './0001-core.ts';
import * as pickups from './0002-pickups.ts';
import * as ecommpay from './0003-ecommpay.ts';
import * as payouts from './0004-payouts.ts';
import * as payoutWiping from './0005-payout-wiping.ts';
import * as debited from './0006-debited.ts';
import * as writeChecks from './0007-write-checks.ts';
import * as toBeSure from './0008-to-be-sure.ts';

export type Migration = { name: string; up(tx: Tx, engine: Engine): Promise<void> };

/**
 * In order, never edited once released: a change of the schema is a new file. First expand (new columns and tables
 * that the running version ignores), deploy, then contract, so that two versions can run side by side.
 */
export const migrations: readonly Migration[] = [
  { name: '0001-core', up: core.up },
  { name: '0002-pickups', up: pickups.up },
  { name: '0003-ecommpay', up: ecommpay.up },
  { name: '0004-payouts', up: payouts.up },
  { name: '0005-payout-wiping', up: payoutWiping.up },
  { name: '0006-debited', up: debited.up },
  { name: '0007-write-checks', up: writeChecks.up },
  { name: '0008-to-be-sure', up: toBeSure.up },
];
