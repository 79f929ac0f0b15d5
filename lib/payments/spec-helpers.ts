import type { Fact, FactOf, PaymentEvent } from './facts.ts';

/** What specs of facts share. */

export type ExecuteOutcome = FactOf<'execute_answer'>['outcome'];

export const REFERENCE = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

/** Facts in the order in which they were recorded. */
export const recorded = (facts: readonly Fact[]): PaymentEvent[] =>
  facts.map((fact, index) => ({ number: index + 1, recordedAtMs: 0, recordedBy: 'test', fact }));

export const createdAs = (id: string, attempt = 1): Fact[] => [
  { kind: 'create_attempt', attempt, reference: REFERENCE },
  { kind: 'create_answer', attempt, outcome: { kind: 'created', id } },
];

export const executeAttempt = (attempt: number): Fact => ({
  kind: 'execute_attempt',
  attempt,
  reference: REFERENCE,
  lease: `lease ${attempt}`,
  session: 'session',
  generation: attempt,
});

export const executeAnswer = (attempt: number, outcome: ExecuteOutcome): Fact => ({
  kind: 'execute_answer',
  attempt,
  outcome,
});

/** A created payment whose executes were answered so; `null` is none. */
export const executedWith = (...outcomes: (ExecuteOutcome | null)[]): Fact[] => [
  ...createdAs('an-id'),
  ...outcomes.flatMap((outcome, index) =>
    outcome === null
      ? [executeAttempt(index + 1)]
      : [executeAttempt(index + 1), executeAnswer(index + 1, outcome)],
  ),
];
