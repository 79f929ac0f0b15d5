import { z } from 'zod';
import { AppError } from '../base/errors.ts';

/** A request was not built: a value that must not be sent. Its message names members, never values. */
export class RequestError extends AppError {
  constructor(members: readonly string[]) {
    super('ecommpay.request_refused', { message: `must not be sent: ${members.join(', ')}` });
  }
}

/**
 * Text that may be sent: a `;` would let two requests sign alike (contract 2.5), and what UTF-8 cannot carry or nobody
 * can see has no business in a payment.
 */
export const sendable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => text.isWellFormed() && !text.includes(';') && !/\p{Cc}/u.test(text));

export const sendableUrl = sendable(2_000).refine(
  (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
);

/** Identifiers of ours; without `:`, so that no value can look like a line of the signed text. */
export const sendableId = sendable(255).regex(/^[\w.-]+$/);

export const sendableEmail = sendable(254).regex(/^[^\s:;@]+@[^\s:;@]+\.[^\s:;@]+$/);

/** Tells a form in time that an address would not be sent. */
export const isSendableEmail = (text: string): boolean => sendableEmail.safeParse(text).success;

/** @throws RequestError */
export function checked<Schema extends z.ZodType>(schema: Schema, request: unknown): z.output<Schema> {
  const result = schema.safeParse(request);
  if (result.success) return result.data;
  throw new RequestError([...new Set(result.error.issues.map(({ path }) => path.join('.')))]);
}
