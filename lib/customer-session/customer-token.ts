import { errorFields } from '../base/log.ts';
import type { SessionDeps } from './deps.ts';
import { refreshSession } from './refresh.ts';
import { isSealError, openTokens, sealTokens } from './sealing.ts';
import { endSession } from './sessions.ts';

/** An access token with less than this left is refreshed before use (contract 8). */
export const USE_MARGIN_MS = 60_000;

/** Before create more must be left, so that execute surely fits (contract 8). */
export const CREATE_MARGIN_MS = 120_000;

/**
 * The customer's access token.
 *
 * - `usable`: send it. `generation` names it, for {@link renewCustomerToken}.
 * - `gone`: this session can speak for the customer no longer.
 * - `unavailable`: not now; trying again later can help.
 */
export type CustomerToken =
  | { kind: 'usable'; accessToken: string; generation: number }
  | { kind: 'gone' }
  | { kind: 'unavailable' };

/**
 * The session's access token, refreshed first when less than `marginMs` is left. Where that early refresh fails, a
 * token that is still valid goes on being used; where it is refused the session is over, and only settling
 * (`evenWhenOver`) may still use what is left of it.
 */
export async function customerToken(
  deps: SessionDeps,
  row: string,
  options: { marginMs: number; evenWhenOver: boolean },
): Promise<CustomerToken> {
  const before = await readSealed(deps, row);
  if (!before || (before.over && !options.evenWhenOver)) return { kind: 'gone' };
  if (before.leftMs >= options.marginMs) return usable(before);
  if (before.endReason === 'refused') return before.leftMs > 0 ? usable(before) : { kind: 'gone' };

  const result = await refreshSession(deps, row, before.generation);
  const after = await readSealed(deps, row);
  if (!after || (after.over && !options.evenWhenOver)) return { kind: 'gone' };
  // A token that was refreshed just now is used whatever its expiry says: no refresh in a loop.
  if (result === 'refreshed' || after.leftMs > 0) return usable(after);
  return { kind: result === 'refused' ? 'gone' : 'unavailable' };
}

/**
 * A token after Maya refused the one of `refusedGeneration`: a newer one that is saved already and still lives, else a
 * refreshed one.
 */
export async function renewCustomerToken(
  deps: SessionDeps,
  row: string,
  refusedGeneration: number,
): Promise<CustomerToken> {
  const saved = await readSealed(deps, row);
  // Renewed by somebody else while this process stood still, and so long ago that it is over again.
  const stale = saved && saved.leftMs <= 0 ? saved.generation : refusedGeneration;
  const result = await refreshSession(deps, row, stale);
  if (result === 'failed') return { kind: 'unavailable' };
  if (result === 'refused') return { kind: 'gone' };
  const after = await readSealed(deps, row);
  return after ? usable(after) : { kind: 'gone' };
}

/** What somebody else saved after the refused token, where it still lives; nothing is sent for it. */
export async function newerCustomerToken(
  deps: SessionDeps,
  row: string,
  refusedGeneration: number,
): Promise<CustomerToken> {
  const saved = await readSealed(deps, row);
  const isNewer = saved && !saved.over && saved.generation > refusedGeneration && saved.leftMs > 0;
  return isNewer ? usable(saved) : { kind: 'gone' };
}

type Sealed = {
  accessToken: string;
  generation: number;
  leftMs: number;
  over: boolean;
  endReason: string | null;
};

const usable = ({ accessToken, generation }: Sealed): CustomerToken => ({
  kind: 'usable',
  accessToken,
  generation,
});

/** Opens the session's seal; one that does not open ends the session. A seal by an older key is sealed again. */
async function readSealed(deps: SessionDeps, row: string): Promise<Sealed | null> {
  const session = await deps.store.db
    .selectFrom('sessions')
    .select(['generation', 'sealed_tokens', 'access_expires_at', 'ended_at', 'end_reason'])
    .where('id', '=', row)
    .executeTakeFirst();
  if (!session?.sealed_tokens) return null;
  const place = { sessionRow: row, generation: session.generation };
  try {
    const { accessToken, refreshToken, stale } = await openTokens(deps.sealing, session.sealed_tokens, place);
    if (stale)
      await deps.store.db
        .updateTable('sessions')
        .set({ sealed_tokens: sealTokens(deps.sealing, { accessToken, refreshToken }, place) })
        .where('id', '=', row)
        .where('sealed_tokens', '=', session.sealed_tokens)
        .execute();
    return {
      accessToken,
      generation: session.generation,
      leftMs: session.access_expires_at - deps.clock.now(),
      over: session.ended_at !== null,
      endReason: session.end_reason,
    };
  } catch (error) {
    if (!isSealError(error)) throw error;
    deps.log.warn('session.seal', { account: row, ...errorFields(error) });
    await endSession(deps, row, 'seal');
    return null;
  }
}
