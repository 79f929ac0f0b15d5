import { momentOf } from '../base/fresh.ts';
import { growingPauseMs, hourlyPauseMs } from '../base/pauses.ts';
import { reportClientError } from '../customer-session/client-error.ts';
import { customerToken, renewCustomerToken, USE_MARGIN_MS } from '../customer-session/customer-token.ts';
import { append, type Locked, lockPayment } from './append.ts';
import type { PaymentDeps } from './deps.ts';
import { type Execute, executesOf, isHarmless } from './executes.ts';
import type { Fact, PaymentEvent } from './facts.ts';
import { isTakenByAnother, mayCharge } from './may-charge.ts';
import { loadEvents, type PaymentRow } from './payment.ts';
import { recordExecuteAnswer } from './record-answer.ts';
import { recordHeld } from './record-held.ts';
import type { Conclusion } from './reduce.ts';
import { type RecordedExecute, sendExecute } from './send-execute.ts';
import { AFTER_CODE_PAUSE_MS, pauseMs, TIME_CAP_MS, WITHOUT_TOKENS_PAUSES } from './timing.ts';

/** When to look again, or `null` where that would tell nothing. */
export type Next = { nextInMs: number | null };

/**
 * What the Maya rail does with a leased payment: one repeat of execute with the **same** id, recorded before it is
 * sent. A payment whose tap was left before any execute is recorded as interrupted instead; settling never makes a
 * first execute.
 */
export async function repeatExecute(deps: PaymentDeps, payment: PaymentRow, holder: string): Promise<Next> {
  const paymentId = payment.id;
  const events = await loadEvents(deps.store.db, paymentId);
  const executes = executesOf(events);
  if (executes.length === 0) return after(deps, await recordHeld(deps, paymentId, holder, interrupted), 1);

  const attempts = executes.length;
  const tokens = await tokensFor(deps, payment, executes);
  if (tokens === 'unavailable') return withoutTokens(deps, paymentId, holder);
  if (tokens === 'gone') {
    const gone: Fact = { kind: 'tokens_gone', afterAttempt: lastAttempt(executes) };
    return after(
      deps,
      await recordHeld(deps, paymentId, holder, (locked) => [...capReached(locked), gone]),
      attempts,
    );
  }

  await deps.reach('settle.ready');
  const repeat = await recordRepeat(deps, payment, holder, tokens);
  if (repeat.kind !== 'send') return after(deps, repeat.conclusion, attempts);
  await deps.reach('settle.recorded');
  const { execute } = repeat;
  const outcome = await sendExecute(deps, paymentId, holder, execute);
  await deps.reach('settle.answered');
  const conclusion = await recordExecuteAnswer(deps, paymentId, execute.attempt, outcome);
  await deps.reach('settle.saved');
  return after(deps, conclusion, execute.attempt, outcome);
}

/**
 * Nobody gives tokens now, so nothing can be asked. Pauses grow while that lasts, from the last thing that was heard; their
 * longest is short enough that the payment is settled soon after tokens are there again.
 */
async function withoutTokens(deps: PaymentDeps, paymentId: string, holder: string): Promise<Next> {
  let quietMs = 0;
  const conclusion = await recordHeld(deps, paymentId, holder, (locked) => {
    quietMs = locked.nowMs - Math.max(...locked.events.map(({ recordedAtMs }) => recordedAtMs));
    return capReached(locked);
  });
  if (conclusion?.asking !== 'yes') return after(deps, conclusion, 1);
  return { nextInMs: growingPauseMs(quietMs, WITHOUT_TOKENS_PAUSES) };
}

/** When to look again after an execute ended, or `null` where that would tell nothing. */
export function after(
  deps: Pick<PaymentDeps, 'ids'>,
  conclusion: Conclusion | null,
  attempts: number,
  outcome?: { kind: string; retryAfterMs?: number },
): Next {
  if (!conclusion || conclusion.asking === 'no') return { nextInMs: null };
  if (conclusion.asking === 'hourly') return { nextInMs: hourlyPauseMs(deps.ids.random()) };
  const pause = pauseMs(attempts, deps.ids.random());
  // The first refusal of tokens is answered by renewing them, at once.
  if (outcome?.kind === 'unauthorized' && attempts === 1) return { nextInMs: 0 };
  if (outcome && SPEAKS_OF_THE_ID.has(outcome.kind))
    return { nextInMs: Math.min(pause, AFTER_CODE_PAUSE_MS) };
  return { nextInMs: Math.max(pause, outcome?.retryAfterMs ?? 0) };
}

/** Answers about this very id. Maya is there, so what they leave undecided need not wait as an outage must. */
const SPEAKS_OF_THE_ID: ReadonlySet<string> = new Set([
  'decline_code',
  'refused',
  'not_found',
  'unauthorized',
  'already_processed',
]);

const lastAttempt = (executes: readonly Execute[]) => executes.at(-1)?.attempt ?? 0;

/** The `Request-Reference-No` of the create that gave the payment its id; Maya repeats it at execute. */
function createReference(events: readonly PaymentEvent[]): string {
  const created = events.find(
    ({ fact }) => fact.kind === 'create_answer' && fact.outcome.kind === 'created',
  )?.fact;
  const attempt = created?.kind === 'create_answer' ? created.attempt : 0;
  const sent = events.find(({ fact }) => fact.kind === 'create_attempt' && fact.attempt === attempt)?.fact;
  return sent?.kind === 'create_attempt' ? sent.reference : '';
}

const capReached = ({ row, nowMs }: Locked): Fact[] =>
  nowMs - row.opened_at > TIME_CAP_MS ? [{ kind: 'time_cap' }] : [];

/** Whoever took the tap may have executed after all: then there is nothing to interrupt. */
const interrupted = ({ events }: Locked): Fact[] =>
  executesOf(events).length === 0 ? [{ kind: 'interrupted' }] : [];

type Repeat = { kind: 'send'; execute: RecordedExecute } | { kind: 'stop'; conclusion: Conclusion | null };

/**
 * Records the next execute of the same id, or why there is none: the lease must be ours and alive, no staff decision
 * may stand, and no other payment may have taken the order's money. Where nothing can have been charged so far, the repeat would
 * be the execute that charges: `pay_by` bars it, and so does another payment that may have charged the order.
 */
async function recordRepeat(
  deps: PaymentDeps,
  payment: PaymentRow,
  holder: string,
  tokens: SettleTokens,
): Promise<Repeat> {
  const decided = momentOf(deps.clock);
  return deps.store.transaction(async (tx) => {
    const locked = await lockPayment(tx, payment.id, (eb) =>
      eb.and([eb('lease_by', '=', holder), eb('asking', '!=', 'no'), eb('staff_decided', '=', 0)]),
    );
    if (!locked || locked.row.lease_until < locked.nowMs) return { kind: 'stop', conclusion: null };
    const { row, events, nowMs } = locked;
    const executes = executesOf(events);
    const attempt = lastAttempt(executes) + 1;
    const order = await tx
      .selectFrom('orders')
      .select('paid_by')
      .where('id', '=', row.order_id)
      .executeTakeFirstOrThrow();
    const stop = async (fact: Fact): Promise<Repeat> => {
      const { after: conclusion } = await append(tx, deps, locked, [fact]);
      return { kind: 'stop', conclusion };
    };
    const begins = executes.every(isHarmless);
    if (begins && !(await mayCharge(tx, row.id))) return stop({ kind: 'not_started', why: 'order_taken' });
    if (begins && nowMs > row.pay_by) return stop({ kind: 'pay_by_passed', afterAttempt: attempt - 1 });
    const isPaid = order.paid_by !== null && order.paid_by !== row.id;
    if (isPaid || (await isTakenByAnother(tx, row.order_id, row.id))) return stop({ kind: 'other_paid' });
    if (row.provider_id === null) return { kind: 'stop', conclusion: null };

    const reference = deps.ids.reference();
    const facts: Fact[] = [
      ...capReached(locked),
      {
        kind: 'execute_attempt',
        attempt,
        reference,
        lease: holder,
        session: tokens.sessionRow,
        generation: tokens.generation,
      },
    ];
    await append(tx, deps, locked, facts);
    return {
      kind: 'send',
      execute: {
        attempt,
        reference,
        createReference: createReference(events),
        providerId: row.provider_id,
        amountCentavos: row.amount_centavos,
        tokens,
        begins,
        decided,
      },
    };
  });
}

type SettleTokens = { client: string; customer: string; generation: number; sessionRow: string };

/**
 * Tokens to ask with: the payment's own session's; another session's only where both belong to the same verified
 * customer. After a refusal both tokens are renewed first.
 */
async function tokensFor(
  deps: PaymentDeps,
  payment: PaymentRow,
  executes: readonly Execute[],
): Promise<SettleTokens | 'gone' | 'unavailable'> {
  const last = executes.at(-1);
  const refused = last?.answer?.outcome.kind === 'unauthorized' ? last : undefined;
  let client: string;
  try {
    client = await deps.clientTokens.get();
    if (refused) client = await deps.clientTokens.renew(client);
  } catch (error) {
    await reportClientError(deps, error);
    return 'unavailable';
  }
  let unavailable = false;
  for (const sessionRow of await sessionsFor(deps, payment)) {
    const token =
      refused?.session === sessionRow && refused.generation !== undefined
        ? await renewCustomerToken(deps, sessionRow, refused.generation)
        : await customerToken(deps, sessionRow, { marginMs: USE_MARGIN_MS, evenWhenOver: true });
    if (token.kind === 'usable')
      return { client, customer: token.accessToken, generation: token.generation, sessionRow };
    if (token.kind === 'unavailable') unavailable = true;
  }
  return unavailable ? 'unavailable' : 'gone';
}

/** The payment's own session first, then the newest ones of the same verified customer. */
async function sessionsFor(deps: PaymentDeps, payment: PaymentRow): Promise<string[]> {
  const own = await deps.store.db
    .selectFrom('sessions')
    .select('customer_id')
    .where('id', '=', payment.session_id)
    .executeTakeFirst();
  if (!own?.customer_id) return [payment.session_id];
  const others = await deps.store.db
    .selectFrom('sessions')
    .select('id')
    .where('customer_id', '=', own.customer_id)
    .where('id', '!=', payment.session_id)
    .where('sealed_tokens', 'is not', null)
    .orderBy('redeemed_at', 'desc')
    .limit(3)
    .execute();
  return [payment.session_id, ...others.map(({ id }) => id)];
}
