import { decodeJwt } from 'jose';
import { momentOf, msSince } from '../base/fresh.ts';
import { errorFields } from '../base/log.ts';
import { raiseAlarm } from '../db/alarms.ts';
import { nowMs, nowPlus } from '../db/store.ts';
import { type RefreshOutcome, refreshTokens } from '../maya/refresh-tokens.ts';
import { reportClientError } from './client-error.ts';
import type { RefreshResult, SessionDeps } from './deps.ts';
import { LEASE_MS, takeLease, whileLeased } from './refresh-lease.ts';
import { saveTokens } from './save-tokens.ts';
import { isSealError, openTokens, type TokenPair } from './sealing.ts';
import { type EndReason, endSession } from './sessions.ts';

const POLL_MS = 50;

/** Pauses after failures that may pass: doubled each time, up to a minute. */
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;

/** `refresh_not_before` of a refresh token that Maya takes no longer, whatever its session ended for. */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Renews the tokens of one session, once however many ask: joined within the process, by a lease on the row across
 * processes. Both new tokens are saved in one statement, under the next generation, before either is used. After a
 * newer refresh token was saved, an older one is never sent: the generation is compared at each step.
 *
 * @param generation the one whose access token is stale; if newer tokens are there already, nothing is sent
 */
export function refreshSession(deps: SessionDeps, row: string, generation: number): Promise<RefreshResult> {
  return deps.refreshes.run(`${row} ${generation}`, () => refreshOnce(deps, row, generation));
}

async function refreshOnce(deps: SessionDeps, row: string, generation: number): Promise<RefreshResult> {
  const giveUpAt = deps.clock.monotonic() + 4 * deps.maya.settings.timeoutMs;
  while (deps.clock.monotonic() < giveUpAt) {
    const session = await deps.store.db
      .selectFrom('sessions')
      .select(['generation', 'sealed_tokens', 'end_reason', 'refresh_not_before'])
      .select(nowMs.as('now'))
      .where('id', '=', row)
      .executeTakeFirst();
    if (!session?.sealed_tokens || session.end_reason === 'refused') return 'refused';
    if (session.generation !== generation) return 'refreshed';
    if (session.refresh_not_before === NEVER) return over(deps, row, 'refused');
    if (session.refresh_not_before > session.now) return 'failed';

    const holder = deps.ids.reference();
    if (await takeLease(deps, row, generation, holder))
      return whileLeased(deps, row, holder, () =>
        send(deps, row, generation, session.sealed_tokens ?? '', holder),
      );
    await deps.clock.sleep(POLL_MS);
  }
  return 'failed';
}

async function send(
  deps: SessionDeps,
  row: string,
  generation: number,
  sealed: string,
  holder: string,
): Promise<RefreshResult> {
  await deps.reach('refresh.leased');
  let tokens: TokenPair;
  try {
    tokens = await openTokens(deps.sealing, sealed, { sessionRow: row, generation });
  } catch (error) {
    if (!isSealError(error)) throw error;
    deps.log.warn('session.seal', { account: row, ...errorFields(error) });
    return over(deps, row, 'seal');
  }

  let outcome: RefreshOutcome;
  try {
    outcome = await ask(deps, row, generation, holder, tokens.refreshToken);
  } catch (error) {
    // Nothing is wrong with this customer's session.
    await reportClientError(deps, error);
    await backOff(deps, row, generation, holder);
    return 'failed';
  }

  if (outcome.kind === 'refreshed') {
    if (isAnotherCustomer(tokens, outcome.tokens)) {
      await raiseAlarm(deps, deps.store.db, { kind: 'tokens_of_another_customer', subject: row });
      return refused(deps, row, generation, holder, 'other_customer');
    }
    return saveTokens(deps, row, generation, outcome.tokens);
  }
  if (outcome.kind === 'refused' || outcome.kind === 'unauthorized')
    return refused(deps, row, generation, holder, 'refused');
  await backOff(deps, row, generation, holder);
  return 'failed';
}

/** This refresh token is never sent again, unless somebody else holds the lease by now: then his answer decides. */
async function refused(
  deps: SessionDeps,
  row: string,
  generation: number,
  holder: string,
  reason: EndReason,
): Promise<RefreshResult> {
  const spent = await deps.store.db
    .updateTable('sessions')
    .set({ refresh_not_before: NEVER })
    .where('id', '=', row)
    .where('generation', '=', generation)
    .where('refresh_lease_by', '=', holder)
    .returning('id')
    .executeTakeFirst();
  if (!spent) return 'failed';
  await deps.reach('refresh.refused');
  return over(deps, row, reason);
}

async function over(deps: SessionDeps, row: string, reason: EndReason): Promise<'refused'> {
  await endSession(deps, row, reason);
  return 'refused';
}

/**
 * One refresh with what it takes: a 401 or 403 may be about the client token, so that is renewed once; a lost answer
 * is tried again once with the same token. Each attempt has its own reference, written before it leaves.
 *
 * @throws ClientRefusedError, ClientTokenUnavailableError
 */
async function ask(
  deps: SessionDeps,
  row: string,
  generation: number,
  holder: string,
  refreshToken: string,
): Promise<RefreshOutcome> {
  let clientToken = await deps.clientTokens.get();
  let renewals = 1;
  let retries = 1;
  for (;;) {
    const reference = deps.ids.reference();
    const askedAt = momentOf(deps.clock);
    const mine = await deps.store.db
      .updateTable('sessions')
      .set({ refresh_reference: reference, refresh_lease_until: nowPlus(LEASE_MS) })
      .where('id', '=', row)
      .where('generation', '=', generation)
      .where('refresh_lease_by', '=', holder)
      .where('refresh_lease_until', '>=', nowMs)
      .returning('id')
      .executeTakeFirst();
    if (!mine) return { kind: 'lost', reason: 'lease_lost' };
    // Held up for as long as the lease lives: somebody else may have refreshed meanwhile.
    if (msSince(deps.clock, askedAt) >= LEASE_MS) continue;
    await deps.reach('refresh.recorded');
    const outcome = await refreshTokens(deps.maya, clientToken, refreshToken, reference);
    await deps.reach('refresh.answered');
    if (outcome.kind === 'unauthorized' && renewals > 0) {
      renewals -= 1;
      clientToken = await deps.clientTokens.renew(clientToken);
    } else if (isLost(outcome) && retries > 0) {
      retries -= 1;
    } else return outcome;
  }
}

/** Whether an answer may have been lost. "Too many requests" is an answer, and asks for a pause instead. */
function isLost(outcome: RefreshOutcome): boolean {
  if (outcome.kind === 'unclear') return outcome.status !== 429;
  return outcome.kind === 'lost' || outcome.kind === 'not_connected';
}

/** Pauses after a failure, unless somebody else holds the lease by now. */
async function backOff(deps: SessionDeps, row: string, generation: number, holder: string): Promise<void> {
  const { refresh_failures: failures } = (await deps.store.db
    .selectFrom('sessions')
    .select('refresh_failures')
    .where('id', '=', row)
    .executeTakeFirst()) ?? { refresh_failures: 0 };
  await deps.store.db
    .updateTable('sessions')
    .set({
      refresh_failures: failures + 1,
      refresh_not_before: nowPlus(Math.min(FIRST_BACKOFF_MS * 2 ** failures, MAX_BACKOFF_MS)),
      refresh_lease_by: null,
      refresh_lease_until: 0,
    })
    .where('id', '=', row)
    .where('generation', '=', generation)
    .where('refresh_lease_by', '=', holder)
    .execute();
}

/** Compares the subjects of the two refresh tokens (JWTs), where both can be read; they are not verified here. */
function isAnotherCustomer(before: TokenPair, after: TokenPair): boolean {
  const [was, is] = [subjectOf(before.refreshToken), subjectOf(after.refreshToken)];
  return was !== undefined && is !== undefined && was !== is;
}

function subjectOf(jwt: string): string | undefined {
  try {
    return decodeJwt(jwt).sub;
  } catch {
    return undefined;
  }
}
