import type { RateLimit } from '../base/rate-limit.ts';
import type { SessionDeps } from './deps.ts';
import { readSessionId, redeem } from './redeem.ts';

/** A request to the landing page, as far as the answer depends on it. */
export type LandingRequest = {
  address: URL;
  pathSegments: readonly string[];
  secFetchDest: string | null;
  secPurpose: string | null;
  /** The session row of the cookie that came along. */
  heldRow: string | null;
};

export type LandingAnswer =
  | { kind: 'redirect'; to: string; sessionRow?: string; redeemed: boolean }
  /** Not a navigation of a person: nothing is redeemed. */
  | { kind: 'refused'; status: 403 | 429 };

/** Where the customer goes after redemption. The mark tells a webview that drops cookies from one that has none. */
const AFTER_LANDING = '/?launched=1';

/**
 * The landing page (contract 5): redeems the `sessionId` and goes on to an address without it.
 *
 * @param mayBeFramed whether the simulator's phone may open it in its frame
 * @param wrongIds a bucket that ids which redeem nothing take from; those that are right never wait for it
 */
export async function land(
  deps: Pick<SessionDeps, 'store' | 'clock'>,
  request: LandingRequest,
  mayBeFramed: boolean,
  wrongIds: RateLimit,
): Promise<LandingAnswer> {
  const { secFetchDest, secPurpose } = request;
  const isDocument =
    secFetchDest === null || secFetchDest === 'document' || (mayBeFramed && secFetchDest === 'iframe');
  if (!isDocument || /prefetch|prerender/i.test(secPurpose ?? '')) return { kind: 'refused', status: 403 };

  const sessionId = readSessionId(request.address, request.pathSegments);
  const open = (reason: string): LandingAnswer => ({
    kind: 'redirect',
    to: `/open?reason=${reason}`,
    redeemed: false,
  });
  if (sessionId === null) return open('no-session');

  const redemption = await redeem(deps, sessionId, request.heldRow);
  if (redemption.kind === 'redeemed')
    return { kind: 'redirect', to: AFTER_LANDING, sessionRow: redemption.sessionRow, redeemed: true };
  if (redemption.kind === 'reload') return { kind: 'redirect', to: AFTER_LANDING, redeemed: false };
  if (!wrongIds.take(deps.clock.monotonic())) return { kind: 'refused', status: 429 };
  return open(redemption.reason);
}
