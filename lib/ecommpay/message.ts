import { parseSigned, verify } from './signature.ts';

/** A message of ECommPay's, read by the one parser that the signature is computed with. */
export type Message =
  | { kind: 'signed'; value: Record<string, unknown> }
  | { kind: 'unsigned'; value: Record<string, unknown> }
  /** It carries a signature that is not ECommPay's. */
  | { kind: 'forged' }
  /** Not a JSON object, or one that nobody may trust: a member twice, too deep, not UTF-8. */
  | { kind: 'unreadable' };

/** @param secrets the current one first; any of them may have signed it */
export function readMessage(body: string | Uint8Array, secrets: readonly string[]): Message {
  const value = parseSigned(body);
  if (!isObject(value)) return { kind: 'unreadable' };
  if (secrets.some((secret) => verify(body, secret))) return { kind: 'signed', value };
  const general = isObject(value.general) ? value.general : {};
  return 'signature' in value || 'signature' in general ? { kind: 'forged' } : { kind: 'unsigned', value };
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
