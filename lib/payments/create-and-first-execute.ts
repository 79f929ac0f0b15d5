import { earlier, type Moment, momentOf, msSince } from '../base/fresh.ts';
import { reportClientError } from '../customer-session/client-error.ts';
import {
  CREATE_MARGIN_MS,
  customerToken,
  newerCustomerToken,
  renewCustomerToken,
} from '../customer-session/customer-token.ts';
import { isUniqueViolation, nowPlus, type Tx } from '../db/store.ts';
import type { CallTokens } from '../maya/api.ts';
import { type CreateOutcome, createPayment } from '../maya/create-payment.ts';
import { confirmClaim } from '../orders/claim.ts';
import { append, type Locked, lockPayment } from './append.ts';
import type { PaymentDeps } from './deps.ts';
import { executesOf } from './executes.ts';
import type { Fact, FactOf } from './facts.ts';
import { mayCharge } from './may-charge.ts';
import type { OpenedPayment } from './open-payment.ts';
import { createAnswer, insist, isReused } from './record-answer.ts';
import type { Conclusion } from './reduce.ts';
import { NOT_ALLOWED, type RecordedExecute } from './send-execute.ts';
import {
  CREATE_PAUSE_MS,
  MAX_AGE_AT_EXECUTE_MS,
  MAX_CREATE_PAUSE_MS,
  MAX_CREATES,
  PAY_BY_MS,
} from './timing.ts';

/** The customer's token with the generation it belongs to, and the client token. */
export type PayTokens = CallTokens & { generation: number };

/** What to do next: send the first execute that is recorded now, or nothing. */
export type NextStep =
  | { kind: 'execute'; execute: RecordedExecute }
  | { kind: 'stop'; conclusion: Conclusion };

type Tap = { payment: OpenedPayment; tappedAt: Moment; sessionRow: string; amountCentavos: number };

/**
 * Creates the payment at Maya, up to three times within `pay_by`, and commits the first execute together with the id
 * that came. Runs in the process that took the tap and nowhere else.
 */
export async function createUntilExecutable(
  deps: PaymentDeps,
  tap: Tap,
  first: PayTokens,
): Promise<NextStep> {
  let tokens = first;
  let renewed = false;
  let { reference } = tap.payment;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await createPayment(deps.maya, tokens, {
      p2mId: deps.payments.p2mId,
      amountCentavos: tap.amountCentavos,
      requestReferenceNumber: reference,
    });
    await deps.reach('create.answered');

    let stop: StopReason | null = attempt >= MAX_CREATES ? 'no_create' : null;
    let fresh = tokens;
    if (outcome.kind === 'unauthorized') {
      const renewal = await (renewed ? renewedByOthers : renewBoth)(deps, tap.sessionRow, tokens);
      renewed = true;
      if (typeof renewal === 'string') stop = renewal;
      else fresh = renewal;
    } else if (outcome.kind === 'rate_limited' && outcome.retryAfterMs > MAX_CREATE_PAUSE_MS) {
      stop = 'unavailable';
    }
    const step = await recordCreate(deps, tap, { attempt, reference, outcome, stop, tokens });
    if ('kind' in step) return step;
    await deps.reach('create.saved');
    reference = step.nextReference;
    tokens = fresh;
    await deps.clock.sleep(
      outcome.kind === 'rate_limited' ? outcome.retryAfterMs : CREATE_PAUSE_MS,
      deps.stopping,
    );
  }
}

type StopReason = FactOf<'not_started'>['why'];

/** Which of the two tokens was refused is not known, so both are renewed (contract 8). */
export async function renewBoth(
  deps: PaymentDeps,
  sessionRow: string,
  refused: PayTokens,
): Promise<PayTokens | 'session_over' | 'unavailable'> {
  let client: string;
  try {
    client = await deps.clientTokens.renew(refused.client);
  } catch (error) {
    await reportClientError(deps, error);
    return 'unavailable';
  }
  const customer = await renewCustomerToken(deps, sessionRow, refused.generation);
  if (customer.kind === 'usable')
    return { client, customer: customer.accessToken, generation: customer.generation };
  return customer.kind === 'gone' ? 'session_over' : 'unavailable';
}

/**
 * Both are renewed once for a tap. Refused again, the customer's may have been renewed by another process meanwhile,
 * which ends the one that was used: then the session is not over.
 */
async function renewedByOthers(
  deps: PaymentDeps,
  sessionRow: string,
  refused: PayTokens,
): Promise<PayTokens | 'session_over'> {
  const customer = await newerCustomerToken(deps, sessionRow, refused.generation);
  if (customer.kind !== 'usable') return 'session_over';
  return { client: refused.client, customer: customer.accessToken, generation: customer.generation };
}

type CreateResult = {
  attempt: number;
  reference: string;
  outcome: CreateOutcome;
  /** Why this was the last create, where it was. */
  stop: StopReason | null;
  /** What it was made with. */
  tokens: PayTokens;
};

/** Records what a create came to and, in the same transaction, what follows: first execute, next create, or the end. */
async function recordCreate(
  deps: PaymentDeps,
  tap: Tap,
  result: CreateResult,
): Promise<NextStep | { nextReference: string }> {
  const paymentId = tap.payment.id;
  const write = (reusedByAnother: boolean) => {
    const now = momentOf(deps.clock);
    const execute = (reference: string, providerId: string, decided: Moment): NextStep => ({
      kind: 'execute',
      execute: {
        attempt: 1,
        reference,
        createReference: result.reference,
        providerId,
        amountCentavos: tap.amountCentavos,
        tokens: result.tokens,
        begins: true,
        decided,
      },
    });
    return deps.store.transaction(async (tx) => {
      const before = await lockPayment(tx, paymentId);
      if (!before) throw new Error('an opened payment is gone');
      const reused = reusedByAnother || (await isReused(tx, paymentId, result.outcome));
      const answer = createAnswer(result.attempt, result.outcome, reused);
      const { locked, after } = await append(tx, deps, before, [answer]);
      const planned = recordedAlready(tap, locked, result, (reference, providerId, recordedMsAgo) =>
        execute(reference, providerId, earlier(now, recordedMsAgo)),
      );
      const isSend = planned !== null && 'kind' in planned;
      if (planned && (!isSend || (await mayCharge(tx, paymentId)))) return planned;
      if (executesOf(locked.events).some(({ attempt, answer }) => attempt === 1 && !answer)) {
        // Only this process would have sent it: it never left.
        const kept = await append(tx, deps, locked, [
          { kind: 'execute_answer', attempt: 1, outcome: NOT_ALLOWED },
        ]);
        return { kind: 'stop', conclusion: kept.after } satisfies NextStep;
      }
      if (after.state === 'created') {
        const facts = await firstExecute(
          deps,
          tap,
          locked,
          result,
          async () =>
            (await mayCharge(tx, paymentId)) && (await confirmClaim(tx, locked.row.order_id, paymentId)),
        );
        const final = await append(tx, deps, locked, facts);
        const attempt = facts[0];
        if (attempt?.kind === 'execute_attempt' && after.providerId !== null) {
          await payInTimeOfTheTap(tx, deps, tap, locked);
          return execute(attempt.reference, after.providerId, now);
        }
        return { kind: 'stop', conclusion: final.after } satisfies NextStep;
      }
      if (after.state !== 'creating') return { kind: 'stop', conclusion: after } satisfies NextStep;
      const late = isTooLate(deps, tap, locked);
      if (result.stop !== null || late) {
        // Tokens may end while a process stands still: a refusal that came so late says nothing of the session.
        const why = late && result.stop === 'session_over' ? 'too_late' : (result.stop ?? 'too_late');
        const stopped = await append(tx, deps, locked, [{ kind: 'not_started', why }]);
        return { kind: 'stop', conclusion: stopped.after } satisfies NextStep;
      }
      const nextReference = deps.ids.reference();
      await append(tx, deps, locked, [
        { kind: 'create_attempt', attempt: result.attempt + 1, reference: nextReference },
      ]);
      return { nextReference };
    });
  };
  try {
    return await insist(deps, paymentId, () => write(false));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return insist(deps, paymentId, () => write(true));
  }
}

/**
 * What an earlier try of the same transaction decided, whose commit was done and its answer lost: read again, so that
 * exactly what stands on record is sent. An execute only while the lease of this tap lives, as if nothing had happened, and
 * as old as it is by then.
 */
function recordedAlready(
  tap: Tap,
  { row, events, nowMs }: Locked,
  result: CreateResult,
  execute: (reference: string, providerId: string, recordedMsAgo: number) => NextStep,
): NextStep | { nextReference: string } | null {
  for (const { fact, recordedAtMs } of events) {
    if (fact.kind === 'create_attempt' && fact.attempt === result.attempt + 1)
      return { nextReference: fact.reference };
    const isMine = row.lease_by === tap.payment.holder && row.lease_until >= nowMs && nowMs <= row.pay_by;
    if (fact.kind === 'execute_attempt' && events.at(-1)?.fact === fact && isMine && row.provider_id !== null)
      return execute(fact.reference, row.provider_id, Math.max(0, nowMs - recordedAtMs));
  }
  return null;
}

/**
 * By the store's clock, as the opening wrote it, and by this process's own, since the opening itself may have come long
 * after the tap: its customer may have been shown meanwhile that nothing was charged.
 */
const isTooLate = (deps: PaymentDeps, { tappedAt }: Tap, { row, nowMs }: Locked): boolean =>
  nowMs > row.pay_by || msSince(deps.clock, tappedAt) > PAY_BY_MS;

/** A store's clock and a process's need not agree to the millisecond. */
const SAME_MS = 1_000;

/** An opening that came long after the tap gave its payment too long: a repeat that begins the charge ends with the tap's time. */
async function payInTimeOfTheTap(
  tx: Tx,
  deps: PaymentDeps,
  { tappedAt }: Tap,
  locked: Locked,
): Promise<void> {
  const leftMs = PAY_BY_MS - Math.round(msSince(deps.clock, tappedAt));
  if (locked.row.pay_by - locked.nowMs <= leftMs + SAME_MS) return;
  await tx
    .updateTable('payments')
    .set({ pay_by: nowPlus(leftMs) })
    .where('id', '=', locked.row.id)
    .execute();
}

/**
 * Decides the first execute on the locked payment: in time for the tap, not too old for Maya, and the order still
 * claimed by this payment, unpaid, and without another payment that may have charged it.
 */
async function firstExecute(
  deps: PaymentDeps,
  tap: Tap,
  locked: Locked,
  result: CreateResult,
  confirm: () => Promise<boolean>,
): Promise<Fact[]> {
  const { events, nowMs } = locked;
  const sent = events.find(({ fact }) => fact.kind === 'create_attempt' && fact.attempt === result.attempt);
  if (isTooLate(deps, tap, locked)) return [{ kind: 'not_started', why: 'too_late' }];
  if (!sent || nowMs - sent.recordedAtMs > MAX_AGE_AT_EXECUTE_MS)
    return [{ kind: 'not_started', why: 'too_old' }];
  if (!(await confirm())) return [{ kind: 'not_started', why: 'order_taken' }];
  return [
    {
      kind: 'execute_attempt',
      attempt: 1,
      reference: deps.ids.reference(),
      lease: tap.payment.holder,
      session: tap.sessionRow,
      generation: result.tokens.generation,
    },
  ];
}

/** Tokens for a tap, fresh enough that execute surely fits. */
export async function tokensForTap(
  deps: PaymentDeps,
  sessionRow: string,
): Promise<PayTokens | 'session_over' | 'unavailable'> {
  const customer = await customerToken(deps, sessionRow, { marginMs: CREATE_MARGIN_MS, evenWhenOver: false });
  if (customer.kind === 'gone') return 'session_over';
  if (customer.kind === 'unavailable') return 'unavailable';
  try {
    const client = await deps.clientTokens.get();
    return { client, customer: customer.accessToken, generation: customer.generation };
  } catch (error) {
    await reportClientError(deps, error);
    return 'unavailable';
  }
}
