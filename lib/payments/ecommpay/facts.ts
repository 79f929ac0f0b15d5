import { z } from 'zod';
import { ambiguitySettled, settledKey } from '../../ecommpay/ambiguous.ts';
import type { Difference, Report } from '../../ecommpay/report.ts';

/** Facts of a payment over ECommPay. Addresses and e-mails are none: they stand in `ecommpay_sales`. */

const reason = z.string();
const code = z.string().nullable();
const attempt = z.number().int().positive();

const meaning = z.enum([
  'success',
  'declined',
  'retry_later',
  'configuration',
  'our_fault',
  'pending',
  'unknown',
]);

/** How a Gate sale's request ended (`lib/ecommpay/accepted.ts`). */
const saleOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted'), requestId: z.string().nullable() }),
  z.object({ kind: z.literal('refused'), status: z.number(), code: z.string(), meaning }),
  z.object({ kind: z.literal('duplicate') }),
  z.object({ kind: z.literal('unclear'), reason, status: z.number(), code }),
  z.object({ kind: z.literal('lost'), reason }),
  z.object({ kind: z.literal('not_connected'), reason }),
]);

/** What ECommPay said, as far as it decides anything, and where that differs from our own row. */
const saidSchema = z.object({
  status: z.string(),
  reading: z.enum(['success', 'decline', 'error', 'expired', 'unexpected', 'pending']),
  differs: z.array(z.enum(['project', 'type', 'amount', 'currency', 'converted', 'earlier'])),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  operation: z.string().nullable(),
  operationStatus: z.string().nullable(),
  code,
  /** When the operation came to that, as ECommPay dates it; of what has no end yet it says nothing new. */
  atMs: z.number().nullable().default(null),
  /** The operations that took money, of all that were told of; a callback tells of one. */
  succeeded: z.array(z.string()).default([]),
  /** Of an ambiguous callback, which says nothing but that there is something to ask: a digest of what was signed. */
  ambiguous: z.string().optional(),
});

export type Said = z.infer<typeof saidSchema>;

export const ecommpayFacts = [
  /**
   * The Payment Page's address was handed out, which is the send. After `releaseAtMs` (the address's end and the base
   * time) "not found" means that nobody ever confirmed it. `limitMs`: how long ECommPay works on it at most, once it is
   * confirmed.
   */
  z.object({
    kind: z.literal('page_handed'),
    attempt,
    paymentId: z.string(),
    project: z.number(),
    bestBeforeMs: z.number(),
    releaseAtMs: z.number(),
    limitMs: z.number().optional(),
  }),
  /** `baseMs` after it was sent, "not found" means that it never arrived; ECommPay works on it for `limitMs` at most. */
  z.object({
    kind: z.literal('sale_attempt'),
    attempt,
    paymentId: z.string(),
    project: z.number(),
    baseMs: z.number(),
    limitMs: z.number().optional(),
  }),
  z.object({ kind: z.literal('sale_answer'), attempt, outcome: saleOutcome }),
  z.object({ kind: z.literal('callback_said'), said: saidSchema }),
  z.object({ kind: z.literal('status_said'), said: saidSchema }),
  /** `late`: asked after the moment from which "not found" is final for the newest attempt. */
  z.object({ kind: z.literal('status_not_found'), afterAttempt: attempt, late: z.boolean() }),
  /** Where to send the customer on; `digest` names the data, which may hold a token of the wallet's. */
  z.object({ kind: z.literal('redirect_offered'), digest: z.string(), usable: z.boolean() }),
  ambiguitySettled,
] as const;

/** What makes such a fact one fact; `undefined` for a fact of another kind. */
export function ecommpayFactKey(fact: { kind: string }): string | undefined {
  const found = fact as z.infer<(typeof ecommpayFacts)[number]>;
  switch (found.kind) {
    case 'callback_said':
    case 'status_said': {
      const { operation, operationStatus, status, code, amount, currency, differs, atMs, ambiguous } =
        found.said;
      // However it is cut, and whatever it seems to say then.
      if (ambiguous !== undefined) return `${found.kind}|ambiguous ${ambiguous}`;
      // Of others than its own; what tells of none has the key that it always had.
      const others = found.said.succeeded.filter((id) => id !== operation);
      // The same end a second time, hours later, is news: something else was said between.
      const date = typeof atMs === 'number' ? [`at ${atMs}`] : [];
      return [
        found.kind,
        operation,
        operationStatus,
        status,
        code,
        amount,
        currency,
        ...differs,
        ...date,
        ...(others.length > 0 ? [`beside ${others.join(' ')}`] : []),
      ].join('|');
    }
    case 'status_not_found':
      return `${found.kind}:${found.afterAttempt}:${found.late ? 'late' : 'early'}`;
    case 'redirect_offered':
      return `${found.kind}:${found.digest}`;
    case 'ambiguity_settled':
      return settledKey(found);
    default:
      return undefined;
  }
}

export function saidOf(report: Report, differs: Difference[]): Said {
  return {
    status: report.status,
    reading: report.reading,
    differs,
    amount: report.sum?.amount ?? null,
    currency: report.sum?.currency ?? null,
    operation: report.operation?.id ?? null,
    operationStatus: report.operation?.status ?? null,
    code: report.operation?.code ?? null,
    atMs: report.reading === 'pending' ? null : (report.operation?.atMs ?? null),
    succeeded: report.succeeded,
    ...(report.ambiguous === undefined ? {} : { ambiguous: report.ambiguous }),
  };
}
