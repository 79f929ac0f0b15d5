import type { Body } from '../base/body.ts';

/** What an error body says, in whichever of Maya's four shapes it came (contract 3.1). Codes decide, never messages. */
export type ErrorBody = {
  code: string | null;
  /** Maya's own reference (`reference`, `logref`), for a talk with their support. */
  upstreamReference: string | undefined;
};

/** Looks like a code, not like a sentence, and not like a token that a message repeats. */
const CODE = /^(?!eyJ)[A-Za-z0-9_.-]{1,40}$/;

function asCode(value: unknown): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return CODE.test(text) ? text : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Never throws. An unreadable body, or one of another shape, has no code. */
export function readErrorBody(body: Body): ErrorBody {
  const nothing: ErrorBody = { code: null, upstreamReference: undefined };
  if (body.kind !== 'json') return nothing;
  const top = Array.isArray(body.value) ? body.value[0] : body.value;
  if (!isObject(top)) return nothing;
  const nested = isObject(top.error) ? top.error.code : undefined;
  return {
    code: asCode(top.code) ?? asCode(top.errorCode) ?? asCode(nested) ?? asCode(top.error),
    upstreamReference: asCode(top.reference) ?? asCode(top.logref) ?? undefined,
  };
}

/** A code that speaks of one of the two tokens (contract 6, 8 and 11.2: `invalid_token`, `K001` to `K004` …). */
export function isTokenCode(code: string | null): boolean {
  return (
    code !== null &&
    /^((invalid|expired)_(access_)?token|(access_)?token_(invalid|expired)|K00[1-4])$/i.test(code)
  );
}

const DEFAULT_RETRY_AFTER_MS = 1_000;
const MAX_RETRY_AFTER_MS = 60 * 60 * 1_000;

/** `Retry-After` in seconds or as a date, in milliseconds from now; one second where it is absent or unreadable. */
export function retryAfterMs(response: Response, nowMs: number): number {
  const text = response.headers.get('retry-after')?.trim() ?? '';
  // Not any text that Date.parse takes: it finds a date of 2001 in "1.5".
  const date = / GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : date - nowMs;
  if (!Number.isFinite(ms)) return DEFAULT_RETRY_AFTER_MS;
  return Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
