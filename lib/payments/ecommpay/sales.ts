import { HOUR_MS } from '../../base/pauses.ts';
import type { FactOf, PaymentEvent } from '../facts.ts';
import { LEASE_MS } from '../timing.ts';
import { LIMIT_MARGIN_MS } from './timing.ts';

/** Of facts that were recorded before they named it. */
const USUAL_LIMIT_MS = 24 * HOUR_MS;

/** One recorded request of a Gate sale with its answer, where there is one. */
export type Sale = {
  attempt: number;
  recordedAtMs: number;
  baseMs: number;
  limitMs: number;
  /** By then it had left, if it ever did. */
  sentByMs: number;
  answer: FactOf<'sale_answer'>['outcome'] | undefined;
};

/** The requests on record, by attempt. */
export function salesOf(events: readonly PaymentEvent[]): Sale[] {
  const answers = new Map<number, { outcome: FactOf<'sale_answer'>['outcome']; atMs: number }>();
  for (const { fact, recordedAtMs: atMs } of events)
    if (fact.kind === 'sale_answer') answers.set(fact.attempt, { outcome: fact.outcome, atMs });
  return events
    .flatMap(({ fact, recordedAtMs }) => {
      if (fact.kind !== 'sale_attempt') return [];
      const { attempt, baseMs, limitMs = USUAL_LIMIT_MS } = fact;
      const answer = answers.get(attempt);
      // Whoever sends looks at its lease just before.
      const sentByMs = Math.max(recordedAtMs, answer?.atMs ?? recordedAtMs + LEASE_MS);
      return [{ attempt, recordedAtMs, baseMs, limitMs, sentByMs, answer: answer?.outcome }];
    })
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
  return Math.max(0, ...salesOf(events).map(({ sentByMs, baseMs }) => sentByMs + baseMs));
}

/**
 * Until when the customer may still be paying: a form that was confirmed in the last moment of its address, or a sale that
 * was taken, ends by itself when ECommPay's limit time is over, and a little later (contract 12.1).
 */
export function runsUntilMs(events: readonly PaymentEvent[]): number {
  const ends = events.flatMap(({ fact }) =>
    fact.kind === 'page_handed' ? [fact.bestBeforeMs + (fact.limitMs ?? USUAL_LIMIT_MS)] : [],
  );
  for (const { sentByMs, limitMs } of salesOf(events)) ends.push(sentByMs + limitMs);
  return Math.max(0, ...ends) + LIMIT_MARGIN_MS;
}
