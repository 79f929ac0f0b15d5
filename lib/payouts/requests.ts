import type { FactOf, PayoutEvent } from './facts.ts';

/** One recorded request with its answer, where there is one. */
export type Request = {
  attempt: number;
  recordedAtMs: number;
  answer: FactOf<'answer'>['outcome'] | undefined;
};

/** The requests on record, by attempt. */
export function requestsOf(events: readonly PayoutEvent[]): Request[] {
  const answers = new Map<number, FactOf<'answer'>['outcome']>();
  for (const { fact } of events) if (fact.kind === 'answer') answers.set(fact.attempt, fact.outcome);
  return events
    .flatMap(({ fact, recordedAtMs }) =>
      fact.kind === 'attempt'
        ? [{ attempt: fact.attempt, recordedAtMs, answer: answers.get(fact.attempt) }]
        : [],
    )
    .sort((a, b) => a.attempt - b.attempt);
}

export const lastAttempt = (events: readonly PayoutEvent[]): number =>
  requestsOf(events).at(-1)?.attempt ?? 0;

/** Known never to have left, or refused by name: it made no operation. */
export const isHarmless = ({ answer }: Request): boolean =>
  answer?.kind === 'not_connected' || answer?.kind === 'refused';

/** Without an answer that tells whether it was taken. */
export const isLost = ({ answer }: Request): boolean =>
  answer === undefined || answer.kind === 'lost' || answer.kind === 'unclear';

/** When something first went out that may pay: a request that was not harmless, or a file for the Dashboard. */
export function sentAtMs(events: readonly PayoutEvent[]): number | null {
  const moments = [
    ...requestsOf(events)
      .filter((request) => !isHarmless(request))
      .map(({ recordedAtMs }) => recordedAtMs),
    ...events.filter(({ fact }) => fact.kind === 'exported').map(({ recordedAtMs }) => recordedAtMs),
  ];
  return moments.length === 0 ? null : Math.min(...moments);
}
