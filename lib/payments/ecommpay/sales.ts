import type { FactOf, PaymentEvent } from '../facts.ts';

/** One recorded request of a Gate sale with its answer, where there is one. */
export type Sale = {
  attempt: number;
  recordedAtMs: number;
  baseMs: number;
  answer: FactOf<'sale_answer'>['outcome'] | undefined;
};

/** The requests on record, by attempt. */
export function salesOf(events: readonly PaymentEvent[]): Sale[] {
  const answers = new Map<number, FactOf<'sale_answer'>['outcome']>();
  for (const { fact } of events) if (fact.kind === 'sale_answer') answers.set(fact.attempt, fact.outcome);
  return events
    .flatMap(({ fact, recordedAtMs }) =>
      fact.kind === 'sale_attempt'
        ? [{ attempt: fact.attempt, recordedAtMs, baseMs: fact.baseMs, answer: answers.get(fact.attempt) }]
        : [],
    )
    .sort((a, b) => a.attempt - b.attempt);
}

/** Known never to have left, or refused by name: it made no operation. */
export const isHarmless = ({ answer }: Sale): boolean =>
  answer?.kind === 'not_connected' || answer?.kind === 'refused';

/** Without an answer that tells whether it was taken. */
export const isLost = ({ answer }: Sale): boolean =>
  answer === undefined || answer.kind === 'lost' || answer.kind === 'unclear';

/** It was taken for processing, now or before. */
const isTaken = ({ answer }: Sale): boolean => answer?.kind === 'accepted' || answer?.kind === 'duplicate';

/** Whether ECommPay has it, as far as anything on record tells: it spoke of it, or took a request of it. */
export const isKnown = (events: readonly PaymentEvent[]): boolean =>
  events.some(({ fact }) => TELLS_OF_IT.has(fact.kind)) || salesOf(events).some(isTaken);

const TELLS_OF_IT: ReadonlySet<string> = new Set(['callback_said', 'status_said', 'redirect_offered']);

/** From when on "not found" is final: nobody can confirm it any more, and ECommPay has had the time it takes. */
export function releaseAtMs(events: readonly PaymentEvent[]): number {
  const page = events.find(({ fact }) => fact.kind === 'page_handed')?.fact;
  if (page?.kind === 'page_handed') return page.releaseAtMs;
  const last = salesOf(events).at(-1);
  return last ? last.recordedAtMs + last.baseMs : 0;
}
