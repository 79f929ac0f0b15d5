import { z } from 'zod';
import { ambiguitySettled, settledKey } from '../ecommpay/ambiguous.ts';
import type { Difference, Report } from '../ecommpay/report.ts';

/**
 * What is known of a payout: facts, never conclusions, numbered by the payout's version and never changed. Nothing
 * personal is a fact.
 */

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

/** How a request ended (`lib/ecommpay/accepted.ts`): the request, never the payout. */
const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted'), requestId: z.string().nullable() }),
  z.object({ kind: z.literal('refused'), status: z.number(), code: z.string(), meaning }),
  z.object({ kind: z.literal('duplicate') }),
  z.object({ kind: z.literal('unclear'), reason, status: z.number(), code }),
  z.object({ kind: z.literal('lost'), reason }),
  z.object({ kind: z.literal('not_connected'), reason }),
]);

/** What ECommPay said of the payout, as far as it decides anything, and where that differs from our own row. */
const said = z.object({
  status: z.string(),
  reading: z.enum(['success', 'decline', 'error', 'expired', 'unexpected', 'pending']),
  differs: z.array(z.enum(['project', 'type', 'amount', 'currency', 'converted', 'earlier'])),
  amount: z.number().nullable(),
  currency: z.string().nullable(),
  operation: z.string().nullable(),
  operationStatus: z.string().nullable(),
  code,
  /** The operations that paid it, of all that were told of; a callback tells of one. */
  succeeded: z.array(z.string()).default([]),
  /** Of an ambiguous callback, which says nothing but that there is something to ask: a digest of what was signed. */
  ambiguous: z.string().optional(),
});

export type Said = z.infer<typeof said>;

export const factSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('attempt'), attempt }),
  z.object({ kind: z.literal('answer'), attempt, outcome }),
  z.object({ kind: z.literal('callback_said'), said }),
  z.object({ kind: z.literal('status_said'), said }),
  /** `late`: asked so long after the newest request that it would be known if it had arrived. */
  z.object({ kind: z.literal('not_found'), afterAttempt: z.number().int(), late: z.boolean() }),
  /** Written into a file for ECommPay's Dashboard, for the first or a further time: from then on others may send it. */
  z.object({ kind: z.literal('exported'), actor: z.string(), copy: z.number().int().positive().default(1) }),
  /** Nothing was learned for as long as ECommPay itself would wait, counted from `sentAtMs`. */
  z.object({ kind: z.literal('time_cap'), sentAtMs: z.number().optional() }),
  /** A person looked it up. `seen` is the newest event that person knew. Forbids every later request. */
  z.object({
    kind: z.literal('staff_decided'),
    id: z.string(),
    decision: z.enum(['paid', 'not_paid']),
    actor: z.string(),
    evidence: z.string(),
    seen: z.number().int(),
  }),
  z.object({ kind: z.literal('staff_asked'), actor: z.string(), afterNumber: z.number().int() }),
  ambiguitySettled,
]);

export type Fact = z.infer<typeof factSchema>;
export type FactOf<Kind extends Fact['kind']> = Extract<Fact, { kind: Kind }>;

/** A stored fact. `number` counts the payout's facts from 1. */
export type PayoutEvent = { number: number; recordedAtMs: number; recordedBy: string; fact: Fact };

/** What makes a fact one fact: recording it twice stores it once. */
export function factKey(fact: Fact): string {
  switch (fact.kind) {
    case 'attempt':
    case 'answer':
      return `${fact.kind}:${fact.attempt}`;
    case 'callback_said':
    case 'status_said': {
      const {
        operation,
        operationStatus,
        status,
        code: why,
        amount,
        currency,
        differs,
        ambiguous,
      } = fact.said;
      // However it is cut, and whatever it seems to say then.
      if (ambiguous !== undefined) return `${fact.kind}|ambiguous ${ambiguous}`;
      // Of others than its own; what tells of none has the key that it always had.
      const others = fact.said.succeeded.filter((id) => id !== operation);
      return [
        fact.kind,
        operation,
        operationStatus,
        status,
        why,
        amount,
        currency,
        ...differs,
        ...(others.length > 0 ? [`beside ${others.join(' ')}`] : []),
      ].join('|');
    }
    case 'not_found':
      return `${fact.kind}:${fact.afterAttempt}:${fact.late ? 'late' : 'early'}`;
    case 'staff_decided':
      return `${fact.kind}:${fact.id}`;
    case 'exported':
      return fact.copy === 1 ? fact.kind : `${fact.kind}:${fact.copy}`;
    case 'staff_asked':
      return `${fact.kind}:${fact.afterNumber}`;
    case 'ambiguity_settled':
      return settledKey(fact);
    case 'time_cap':
      return fact.sentAtMs === undefined ? fact.kind : `${fact.kind}:${fact.sentAtMs}`;
  }
}

export const factsOf = <Kind extends Fact['kind']>(
  events: readonly PayoutEvent[],
  kind: Kind,
): FactOf<Kind>[] =>
  events.map((event) => event.fact).filter((fact): fact is FactOf<Kind> => fact.kind === kind);

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
    succeeded: report.succeeded,
    ...(report.ambiguous === undefined ? {} : { ambiguous: report.ambiguous }),
  };
}
