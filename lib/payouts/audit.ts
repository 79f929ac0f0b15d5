import { nowMs, type Tx } from '../db/store.ts';
import type { RecordDeps } from './deps.ts';

/** What a person did, in the transaction that did it. */
export async function audit(
  tx: Tx,
  deps: Pick<RecordDeps, 'ids'>,
  entry: { actor: string; action: string; subject: string; evidence: string },
): Promise<void> {
  await tx
    .insertInto('audit')
    .values({ id: deps.ids.key(), at: nowMs, ...entry })
    .execute();
}
