import { nowMs } from '../db/store.ts';
import { audit } from './audit.ts';
import type { RecordDeps } from './deps.ts';
import type { Staff } from './staff.ts';

/** Somebody has looked into what a payout's open alarms tell of. @returns their kinds */
export async function acknowledgeAlarms(deps: RecordDeps, payoutId: string, staff: Staff): Promise<string[]> {
  return deps.store.transaction(async (tx) => {
    const seen = await tx
      .updateTable('alarms')
      .set({ acknowledged_at: nowMs, acknowledged_by: staff.actor })
      .where('subject', '=', payoutId)
      .where('acknowledged_at', 'is', null)
      .returning('kind')
      .execute();
    const kinds = seen.map(({ kind }) => kind).sort();
    if (kinds.length > 0)
      await audit(tx, deps, {
        ...staff,
        action: `payout.acknowledge ${kinds.join(', ')}`,
        subject: payoutId,
      });
    return kinds;
  });
}
