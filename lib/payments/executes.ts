import type { FactOf, PaymentEvent } from './facts.ts';

type Outcome = FactOf<'execute_answer'>['outcome'];

/** One recorded execute with its answer, where there is one. */
export type Execute = {
  attempt: number;
  recordedAtMs: number;
  lease: string | undefined;
  session: string | undefined;
  generation: number | undefined;
  answer: FactOf<'execute_answer'> | undefined;
  /** When the answer was recorded: a lost one, soon after the connection broke. */
  answeredAtMs: number | undefined;
};

/** The executes on record, by attempt. */
export function executesOf(events: readonly PaymentEvent[]): Execute[] {
  const executes = new Map<number, Execute>();
  const at = (attempt: number): Execute => {
    const known = executes.get(attempt);
    if (known) return known;
    const made: Execute = {
      attempt,
      recordedAtMs: 0,
      lease: undefined,
      session: undefined,
      generation: undefined,
      answer: undefined,
      answeredAtMs: undefined,
    };
    executes.set(attempt, made);
    return made;
  };
  for (const { fact, recordedAtMs } of events) {
    if (fact.kind === 'execute_attempt') {
      const { lease, session, generation } = fact;
      Object.assign(at(fact.attempt), { lease, session, generation, recordedAtMs });
    }
    if (fact.kind === 'execute_answer')
      Object.assign(at(fact.attempt), { answer: fact, answeredAtMs: recordedAtMs });
  }
  return [...executes.values()].sort((a, b) => a.attempt - b.attempt);
}

/** Answered 401 or 403, or known never to have left: it charged nothing. */
export function isHarmless(execute: Execute): boolean {
  const kind = execute.answer?.outcome.kind;
  return kind === 'unauthorized' || kind === 'not_connected';
}

/** Without an answer that tells anything: it may have charged. */
export function isUnanswered(execute: Execute): boolean {
  const kind = execute.answer?.outcome.kind;
  return kind === undefined || kind === 'unclear' || kind === 'lost';
}

/** Whether the other executes leave `execute` the only one that can have been processed. */
export function isOnlyPossible(execute: Execute, all: readonly Execute[]): boolean {
  return all.every((other) => other.attempt === execute.attempt || isHarmless(other));
}

/** Final for the payment only if nothing else can have been processed. */
export function isConditionalCode(kind: Outcome['kind'] | undefined): boolean {
  return kind === 'decline_code' || kind === 'refused' || kind === 'not_found';
}
