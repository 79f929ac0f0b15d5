import { z } from 'zod';
import { readExpiresAtMs } from './expiry.ts';

const MAX_TOKEN_LENGTH = 8 * 1_024;

/** One of the customer's tokens: a JOSE compact serialization, of which nothing is assumed but its alphabet. */
const token = z
  .string()
  .min(1)
  .max(MAX_TOKEN_LENGTH)
  .regex(/^[A-Za-z0-9_.-]+$/);

const schema = z.looseObject({ accessToken: token, refreshToken: token });

/** Maya's customer tokens: `accessToken` (JWE) and `refreshToken` (JWT), contract 4 and 7. */
export type CustomerTokens = {
  accessToken: string;
  refreshToken: string;
  expiresAtMs: number;
};

/** @returns `null` where either token is absent, not text, empty, over 8 KB or outside the JOSE alphabet */
export function readCustomerTokens(body: unknown, nowMs: number): CustomerTokens | null {
  const parsed = schema.safeParse(body);
  if (!parsed.success) return null;
  const { accessToken, refreshToken } = parsed.data;
  return { accessToken, refreshToken, expiresAtMs: readExpiresAtMs(parsed.data, nowMs) };
}
