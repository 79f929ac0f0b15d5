import type { Random } from './randomness.ts';
import { newClientToken } from './token-shapes.ts';

export type ClientTokens = ReturnType<typeof createClientTokens>;

/** Maya Connect's tokens for the merchant's server. Several may live at once: each server process has its own. */
export function createClientTokens(random: Random) {
  const expiryMs = new Map<string, number>();
  return {
    issue(now: number, seconds: number): string {
      const token = newClientToken(random);
      expiryMs.set(token, now + seconds * 1_000);
      return token;
    },
    isLive: (token: string, now: number): boolean => now < (expiryMs.get(token) ?? 0),
    kill: (token: string): void => void expiryMs.delete(token),
    killAll: (): void => expiryMs.clear(),
  };
}
