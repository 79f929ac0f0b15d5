import { errorFields } from '../base/log.ts';
import { isUniqueViolation, type Tx } from '../db/store.ts';
import type { CreateOutcome } from '../maya/create-payment.ts';
import type { ExecuteOutcome } from '../maya/execute-payment.ts';
import { append, type Locked, lockPayment } from './append.ts';
import type { PaymentDeps } from './deps.ts';
import { executesOf, isUnanswered } from './executes.ts';
import type { Fact, FactOf } from './facts.ts';
import { type Conclusion, reduce } from './reduce.ts';

const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;

/**
 * Records an answer that this process holds in its memory, lease or not, and again and again while the store is away:
 * an answer is never given up as long as the process lives. (If it dies, a repeat of the same id finds out.)
 */
export async function insist<T>(deps: PaymentDeps, paymentId: string, record: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await record();
    } catch (error) {
      if (isUniqueViolation(error)) throw error;
      deps.log.error('payment.answer_not_saved', { payment: paymentId, attempt, ...errorFields(error) });
      await deps.clock.sleep(Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10), MAX_PAUSE_MS));
    }
  }
}

/** Records what one execute came to. */
export async function recordExecuteAnswer(
  deps: PaymentDeps,
  paymentId: string,
  attempt: number,
  outcome: ExecuteOutcome,
): Promise<Conclusion> {
  if ('missing' in outcome && outcome.missing.length > 0)
    deps.log.warn('payment.echo_missing', { payment: paymentId, attempt, reason: outcome.missing.join(' ') });
  const conclusion = await insist(deps, paymentId, () =>
    deps.store.transaction(async (tx) => {
      const locked = await lockPayment(tx, paymentId);
      if (!locked) throw new Error('a payment whose execute was answered is gone');
      const fact: Fact = { kind: 'execute_answer', attempt, outcome };
      if (outcome.kind === 'already_processed')
        fact.py0010 = { setting: deps.payments.py0010, concluded: readPy0010(deps, locked, attempt) };
      const { after } = await append(tx, deps, locked, [fact]);
      return after;
    }),
  );
  if (conclusion.state === 'approved') deps.announced();
  return conclusion;
}

/** What "already processed" says, given what is on record and on the wire now. */
function readPy0010(
  deps: PaymentDeps,
  { row, events, nowMs }: Locked,
  attempt: number,
): NonNullable<FactOf<'execute_answer'>['py0010']>['concluded'] {
  const { state, confirmedBy } = reduce(events);
  if (state === 'declined' || (state === 'approved' && confirmedBy === 'provider')) return 'known';
  const others = executesOf(events).filter((execute) => execute.attempt !== attempt);
  const unanswered = others.filter(isUnanswered);
  const isOpen = unanswered.some(
    (execute) => !execute.answer && execute.lease === row.lease_by && row.lease_until >= nowMs,
  );
  if (isOpen) return 'ask_again';
  return unanswered.length > 0 ? deps.payments.py0010 : 'impossible';
}

/** The fact of a create's answer. An id that another payment has already is not ours. */
export function createAnswer(attempt: number, outcome: CreateOutcome, reused: boolean): Fact {
  if (outcome.kind === 'created' && reused)
    return { kind: 'create_answer', attempt, outcome: { kind: 'id_reused', id: outcome.id } };
  return { kind: 'create_answer', attempt, outcome };
}

/** Whether Maya gave this id to another payment of ours before. */
export async function isReused(tx: Tx, paymentId: string, outcome: CreateOutcome): Promise<boolean> {
  if (outcome.kind !== 'created') return false;
  const other = await tx
    .selectFrom('payments')
    .select('id')
    .where('provider_id', '=', outcome.id)
    .where('id', '!=', paymentId)
    .executeTakeFirst();
  return other !== undefined;
}
