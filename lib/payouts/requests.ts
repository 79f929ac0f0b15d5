import type { FactOf, PayoutEvent } from './facts.ts';
import { LIMIT_MARGIN_MS, MAX_ATTEMPTS } from './timing.ts';

/** Why a request that was recorded did not leave: its sender stood still, and came too late to it. */
export const STOOD_STILL = 'stood_still';

/** One recorded request with its answer, where there is one. */
export type Request = {
  attempt: number;
  recordedAtMs: number;
  answer: FactOf<'answer'>['outcome'] | undefined;
};

/** The requests on record, by attempt. */
export function requestsOf(events: readonly PayoutEvent[]): Request[] {
  const answers = new Map<number, FactOf<'answer'>['outcome']>();
  const recorded = new Map<number, number>();
  for (const { fact, recordedAtMs } of events) {
    if (fact.kind === 'answer') answers.set(fact.attempt, fact.outcome);
    if (fact.kind === 'attempt') recorded.set(fact.attempt, recordedAtMs);
  }
  return [...recorded]
    .map(([attempt, recordedAtMs]) => ({ attempt, recordedAtMs, answer: answers.get(attempt) }))
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

/** Lost, or never left: the same may be sent again, where ECommPay does not know it. */
export const isUnheard = (request: Request | undefined): boolean =>
  request !== undefined && (isLost(request) || request.answer?.kind === 'not_connected');

/**
 * When something last went out that may pay: a request that was not harmless, or a file for the Dashboard. Where ECommPay
 * speaks of a payout of which we know nothing, or which it did not know when our requests would have arrived, others sent
 * it: then it is when we first heard of that.
 */
export function sentAtMs(events: readonly PayoutEvent[]): number | null {
  const ours = [
    ...requestsOf(events)
      .filter((request) => !isHarmless(request))
      .map(({ recordedAtMs }) => recordedAtMs),
    ...events.filter(({ fact }) => fact.kind === 'exported').map(({ recordedAtMs }) => recordedAtMs),
  ];
  const heard = events.find(({ fact }) => 'said' in fact);
  const unknownBefore = events.find(({ fact }) => fact.kind === 'not_found' && fact.late);
  const isOthers = ours.length === 0 || (unknownBefore && heard && unknownBefore.number < heard.number);
  const sent = heard && isOthers ? [...ours, heard.recordedAtMs] : ours;
  return sent.length > 0 ? Math.max(...sent) : null;
}

/** Until when ECommPay may still pay what was sent, its late automatic decline included; `null` where nothing was sent. */
export function mayRunUntilMs(events: readonly PayoutEvent[], limitMs: number): number | null {
  const sentAt = sentAtMs(events);
  return sentAt === null ? null : sentAt + limitMs + LIMIT_MARGIN_MS;
}

/** Whether machines have sent it as often as they may, and the newest request was not heard of either. */
export function isSentOut(requests: readonly Request[]): boolean {
  const mayHaveArrived = requests.filter((request) => !isHarmless(request)).length;
  return isUnheard(requests.at(-1)) && mayHaveArrived >= MAX_ATTEMPTS;
}
