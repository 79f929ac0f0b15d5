import { z } from 'zod';
import { ecommpayFactKey, ecommpayFacts } from './ecommpay/facts.ts';

/**
 * What is known of a payment: facts, never conclusions. Each is stored once, numbered by the payment's version, and
 * never changed. Only the reducer (`reduce.ts`) draws conclusions, from the whole set.
 */

const echoField = z.enum(['id', 'p2mId', 'amount', 'currency', 'requestReferenceNumber']);
const reason = z.string();
const code = z.string().nullable().optional();
const status = z.number().optional();

/** How a create ended (`lib/maya/create-payment.ts`), or that its id belongs to another payment already. */
const createOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('created'), id: z.string() }),
  z.object({ kind: z.literal('id_reused'), id: z.string() }),
  z.object({ kind: z.literal('wrong_echo'), id: z.string().nullable(), fields: z.array(echoField) }),
  z.object({ kind: z.literal('refused'), status: z.number(), code }),
  z.object({ kind: z.literal('unauthorized'), status: z.number(), code }),
  z.object({ kind: z.literal('rate_limited'), retryAfterMs: z.number() }),
  z.object({ kind: z.literal('unclear'), reason, id: z.string().optional(), status, code }),
  z.object({ kind: z.literal('lost'), reason }),
  z.object({ kind: z.literal('not_connected'), reason }),
]);

/** How an execute ended (`lib/maya/execute-payment.ts`). */
const executeOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approved'), missing: z.array(echoField) }),
  z.object({ kind: z.literal('declined'), missing: z.array(echoField) }),
  z.object({
    kind: z.literal('mismatch'),
    status: z.enum(['APPROVED', 'DECLINED']).nullable(),
    fields: z.array(echoField),
  }),
  z.object({ kind: z.literal('decline_code'), code: z.string() }),
  z.object({ kind: z.literal('refused'), code: z.string() }),
  z.object({ kind: z.literal('not_found') }),
  z.object({ kind: z.literal('already_processed') }),
  z.object({ kind: z.literal('unauthorized'), status: z.number(), code }),
  z.object({ kind: z.literal('rate_limited'), retryAfterMs: z.number() }),
  z.object({ kind: z.literal('not_connected'), reason }),
  z.object({ kind: z.literal('unclear'), reason, status, code }),
  z.object({ kind: z.literal('lost'), reason }),
]);

/**
 * What "already processed" was taken for when it came, and under which setting.
 *
 * - `known`: a final answer was on record.
 * - `ask_again`: another execute was still open, whose answer decides.
 * - `approved`, `review`: another execute had gone unanswered; the setting `MAYA_PY0010` chooses.
 * - `impossible`: no execute of ours can have processed it.
 */
const py0010 = z.object({
  setting: z.enum(['approved', 'review']),
  concluded: z.enum(['known', 'ask_again', 'approved', 'review', 'impossible']),
});

const attempt = z.number().int().positive();

export const factSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('create_attempt'), attempt, reference: z.uuid() }),
  z.object({ kind: z.literal('create_answer'), attempt, outcome: createOutcome }),
  /** `lease` names its sender: while that lease lives and there is no answer, the attempt is open. */
  z.object({
    kind: z.literal('execute_attempt'),
    attempt,
    reference: z.uuid(),
    lease: z.string(),
    session: z.string(),
    generation: z.number(),
  }),
  z.object({
    kind: z.literal('execute_answer'),
    attempt,
    outcome: executeOutcome,
    py0010: py0010.optional(),
  }),
  /** The lease of a payment without execute lapsed: whoever took the tap is gone. Bars the first execute. */
  z.object({ kind: z.literal('interrupted') }),
  /** Whoever took the tap stopped before the first execute. */
  z.object({
    kind: z.literal('not_started'),
    why: z.enum(['too_late', 'too_old', 'no_create', 'session_over', 'unavailable', 'order_taken']),
  }),
  /** `pay_by` was past while everything sent so far was refused unprocessed or never left. */
  z.object({ kind: z.literal('pay_by_passed'), afterAttempt: z.number().int() }),
  /** Nobody's tokens can ask any more. Void once a later attempt shows that somebody's could. */
  z.object({ kind: z.literal('tokens_gone'), afterAttempt: z.number().int() }),
  /** The payment stayed unsettled for as long as machines ask. */
  z.object({ kind: z.literal('time_cap') }),
  /** Another payment paid the order while this one was in doubt, so this one is not repeated. */
  z.object({ kind: z.literal('other_paid') }),
  /** A person looked it up. `seen` is the newest event that person knew. Forbids every later execute. */
  z.object({
    kind: z.literal('staff_decided'),
    id: z.string(),
    decision: z.enum(['charged', 'not_charged']),
    actor: z.string(),
    evidence: z.string(),
    seen: z.number().int(),
  }),
  /** A person asks for one more try. */
  z.object({ kind: z.literal('staff_asked'), actor: z.string(), afterAttempt: z.number().int() }),
  ...ecommpayFacts,
]);

export type Fact = z.infer<typeof factSchema>;
export type FactOf<Kind extends Fact['kind']> = Extract<Fact, { kind: Kind }>;

/** A stored fact. `number` counts the payment's facts from 1. */
export type PaymentEvent = { number: number; recordedAtMs: number; recordedBy: string; fact: Fact };

/** What makes a fact one fact: recording it twice stores it once. */
export function factKey(fact: Fact): string {
  const key = ecommpayFactKey(fact);
  if (key !== undefined) return key;
  if ('attempt' in fact) return `${fact.kind}:${fact.attempt}`;
  if ('afterAttempt' in fact) return `${fact.kind}:${fact.afterAttempt}`;
  if (fact.kind === 'staff_decided') return `${fact.kind}:${fact.id}`;
  return fact.kind;
}
