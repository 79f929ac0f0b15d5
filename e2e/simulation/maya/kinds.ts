/** What can happen to a call to Maya. `before` and `after`: whether Maya had processed it. */

/** To any call. */
export const ANY_CALL = [
  'not-connected',
  'lost-before',
  'lost-after',
  'reset-before',
  'reset-after',
  'processed-late',
  'answered-late',
  'slow',
  'twice',
  'twice-second-answer',
  'truncated',
  'html-before',
  'html-after',
  '500-before',
  '500-after',
  '429-before',
  '401-before',
  'empty-after',
] as const;

export const CREATE = [
  'wrong-amount',
  'wrong-p2m',
  'wrong-reference',
  'wrong-currency',
  'echo-missing',
  'id-missing',
  'id-of-another',
  'refused',
  'short-life',
] as const;

export const EXECUTE = [
  'wrong-id',
  'wrong-amount',
  'wrong-p2m',
  'wrong-reference',
  'echo-missing',
  'status-unknown',
  'fault-code-after',
  'declined',
  'declined-by-code',
  'not-found',
  'refused',
  '429-after',
  'code-after',
  'emptied-wallet',
  'forgotten-id',
] as const;

export const TOKENS = [
  'refused',
  'expiry-missing',
  'expiry-past',
  'expiry-text',
  'expiry-milliseconds',
  'family-over',
  'reuse-revokes',
] as const;

export const CLIENT_TOKEN = ['refused', 'short-life', '503'] as const;

export type MayaCall = 'client_token' | 'tokens' | 'profile' | 'create' | 'execute';

/** Every kind of fault of each call. */
export const MAYA_FAULTS: Record<MayaCall, readonly string[]> = {
  client_token: [...ANY_CALL, ...CLIENT_TOKEN],
  tokens: [...ANY_CALL, ...TOKENS],
  profile: ANY_CALL,
  create: [...ANY_CALL, ...CREATE],
  execute: [...ANY_CALL, ...EXECUTE],
};
