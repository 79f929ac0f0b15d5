import type { Random } from './randomness.ts';
import { newAccessToken, newRefreshToken } from './token-shapes.ts';

/** What the next refresh of a family meets, set by the scenario that rejected its access token. */
export type RefreshTwist = 'answer-lost' | 'slow';

/** One opening of the mini app: the tokens handed to the Session URL and everything refreshed from them. */
export type Family = {
  id: number;
  customerId: string;
  /** Of the newest tokens; the first ones are generation 1. */
  generation: number;
  /** The newest generation that surely reached the merchant's server, and when. */
  delivered: number;
  deliveredAt: number;
  /** Refused from now on. */
  over: boolean;
  /** Reuse of an old refresh token ends the family, whatever the settings say. */
  revokedByReuse: boolean;
  twist?: { name: RefreshTwist; scenario: string } | undefined;
};

export type CustomerToken = { family: Family; generation: number };
type AccessToken = CustomerToken & { expiresAtMs: number };

/** `expiresAt` in whole seconds since 1970. */
export type TokenPair = { accessToken: string; refreshToken: string; expiresAt: number; family: Family };

export type CustomerTokens = ReturnType<typeof createCustomerTokens>;

/**
 * The customers' tokens. A refresh rotates both, and the old ones die at once: Maya does not say so, and a client that
 * survives this survives the gentler reading too.
 */
export function createCustomerTokens(random: Random) {
  const accessTokens = new Map<string, AccessToken>();
  const refreshTokens = new Map<string, CustomerToken>();
  let families = 0;

  const issue = (family: Family, now: number, seconds: number): TokenPair => {
    const expiresAt = Math.floor(now / 1_000) + seconds;
    const accessToken = newAccessToken(random);
    const refreshToken = newRefreshToken(random);
    const { generation } = family;
    accessTokens.set(accessToken, { family, generation, expiresAtMs: expiresAt * 1_000 });
    refreshTokens.set(refreshToken, { family, generation });
    return { accessToken, refreshToken, expiresAt, family };
  };

  return {
    open(customerId: string, now: number, seconds: number): TokenPair {
      families += 1;
      const family: Family = {
        id: families,
        customerId,
        generation: 1,
        delivered: 0,
        deliveredAt: 0,
        over: false,
        revokedByReuse: false,
      };
      return issue(family, now, seconds);
    },
    rotate(family: Family, now: number, seconds: number): TokenPair {
      family.generation += 1;
      return issue(family, now, seconds);
    },
    access: (token: string): AccessToken | undefined => accessTokens.get(token),
    refresh: (token: string): CustomerToken | undefined => refreshTokens.get(token),
    isLive(token: string, now: number): boolean {
      const known = accessTokens.get(token);
      if (!known || known.family.over || known.generation !== known.family.generation) return false;
      return now < known.expiresAtMs;
    },
    /** Ends an access token before its time; its refresh token stays good. */
    expire(token: string): void {
      const known = accessTokens.get(token);
      if (known) known.expiresAtMs = 0;
    },
  };
}

/** The newest tokens of `family`, of this generation, have reached the merchant's server. */
export function markDelivered(family: Family, generation: number, now: number): void {
  if (generation <= family.delivered) return;
  family.delivered = generation;
  family.deliveredAt = now;
}
