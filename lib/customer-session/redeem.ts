import { sha256Hex } from '../base/ids.ts';
import { nowMs } from '../db/store.ts';
import type { SessionDeps } from './deps.ts';

export type Redemption =
  | { kind: 'redeemed'; sessionRow: string }
  /** A reload with the very id that made this webview's cookie. */
  | { kind: 'reload' }
  | { kind: 'refused'; reason: 'unknown' | 'used' | 'expired' };

/** Query `sessionId` in any case or `session_id`, else the last path segment if it is a well-formed id (contract 5). */
export function readSessionId(address: URL, pathSegments: readonly string[]): string | null {
  const named = [...address.searchParams].find(([name]) => /^(sessionid|session_id)$/i.test(name))?.[1];
  const candidate = named ?? pathSegments.at(-1);
  return candidate !== undefined && /^[0-9a-f]{64}$/.test(candidate) ? candidate : null;
}

/**
 * Exchanges a one-time `sessionId` for its session, once, by one conditional statement. Whatever session the webview
 * held before ends: another customer may have logged in to the Maya app on that phone.
 *
 * @param heldRow the session of the cookie that came along, live or not
 */
export async function redeem(
  deps: Pick<SessionDeps, 'store'>,
  sessionId: string,
  heldRow: string | null,
): Promise<Redemption> {
  const hash = sha256Hex(sessionId);
  return deps.store.transaction(async (tx) => {
    const redeemed = await tx
      .updateTable('sessions')
      .set({ redeemed_at: nowMs, replaced_session_id: heldRow })
      .where('session_id_hash', '=', hash)
      .where('redeemed_at', 'is', null)
      .where('redeem_until', '>', nowMs)
      .returning('id')
      .executeTakeFirst();
    if (redeemed) {
      if (heldRow !== null)
        await tx
          .updateTable('sessions')
          .set({ ended_at: nowMs, end_reason: 'replaced' })
          .where('id', '=', heldRow)
          .where('ended_at', 'is', null)
          .execute();
      return { kind: 'redeemed', sessionRow: redeemed.id };
    }
    const row = await tx
      .selectFrom('sessions')
      .select(['id', 'redeemed_at'])
      .where('session_id_hash', '=', hash)
      .executeTakeFirst();
    if (!row) return { kind: 'refused', reason: 'unknown' };
    if (row.redeemed_at === null) return { kind: 'refused', reason: 'expired' };
    return row.id === heldRow ? { kind: 'reload' } : { kind: 'refused', reason: 'used' };
  });
}
