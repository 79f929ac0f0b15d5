import { z } from 'zod';
import { Mistake } from './mistake.ts';

const DAY_SECONDS = 86_400;
const TEN_MINUTES_MS = 600_000;

const seconds = z.int().min(1).max(DAY_SECONDS);
const milliseconds = z.int().min(0).max(TEN_MINUTES_MS);

const shape = z.strictObject({
  /** Life of a customer's access token. Maya publishes none. */
  accessTokenSeconds: seconds.default(600),
  /** Life of a client token. Maya documents one hour. */
  clientTokenSeconds: seconds.default(3_600),
  /** How long a created payment may wait for its first execute. Maya documents 15 minutes, and 30 s once tokenized. */
  paymentExpirySeconds: seconds.default(900),
  /** What a repeat after DECLINED answers: Maya's text allows `PY0010` and another code. */
  repeatAfterDeclined: z.enum(['PY0010', 'code']).default('PY0010'),
  /** What an old refresh token does: it is refused, or it also kills the newest tokens. */
  refreshReuse: z.enum(['refuse', 'revoke-family']).default('refuse'),
  slowMs: milliseconds.default(3_000),
  lateMs: milliseconds.default(30_000),
  /** How long an unanswered connection is kept open if the caller does not give up first. */
  hangMs: milliseconds.default(120_000),
  /** Added to every answer. */
  latencyMs: milliseconds.default(0),
  /** Name of the expiry in the Session URL call: Maya's page uses both. */
  expiresAtField: z.enum(['expiresAt', 'expiryAt']).default('expiresAt'),
  expiresAtUnit: z.enum(['seconds', 'milliseconds']).default('seconds'),
});

/** What holds for every customer until changed or reset. */
export type Settings = z.output<typeof shape>;

export const defaultSettings = (): Settings => shape.parse({});

/** `current` with the named fields replaced. Throws a `Mistake` that names each wrong one. */
export function changedSettings(current: Settings, patch: unknown): Settings {
  const isRecord = typeof patch === 'object' && patch !== null && !Array.isArray(patch);
  const merged = shape.safeParse(isRecord ? { ...current, ...patch } : patch);
  if (merged.success) return merged.data;
  throw new Mistake(
    400,
    'invalid_settings',
    z.prettifyError(merged.error),
    'Send an object with some of the fields that GET /_sim/settings shows.',
  );
}
