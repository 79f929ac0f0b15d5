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
 * it: then it is when we first heard of that. So it is of a file, for nobody knows when a person uploads it.
 */
export function sentAtMs(events: readonly PayoutEvent[]): number | null {
  const files = events.filter(({ fact }) => fact.kind === 'exported');
  const ours = [...requestsOf(events).filter((request) => !isHarmless(request)), ...files];
  const heard = firstHeard(events);
  const wasUnknown = (before: PayoutEvent) =>
    events.some(({ fact, number }) => fact.kind === 'not_found' && fact.late && number < before.number);
  const isOthers = heard && (ours.length === 0 || files.length > 0 || wasUnknown(heard));
  const sent = (isOthers ? [...ours, heard] : ours).map(({ recordedAtMs }) => recordedAtMs);
  return sent.length > 0 ? Math.max(...sent) : null;
}

/** The first thing that ECommPay said of it. An ambiguous callback, which may be of another one, only where there is no other. */
function firstHeard(events: readonly PayoutEvent[]): PayoutEvent | undefined {
  const isAmbiguous = ({ fact }: PayoutEvent) => 'said' in fact && fact.said.ambiguous !== undefined;
  return events
    .filter(({ fact }) => 'said' in fact)
    .sort((a, b) => Number(isAmbiguous(a)) - Number(isAmbiguous(b)) || a.number - b.number)[0];
}

/** Until when ECommPay may still pay what was sent, its late automatic decline included; `null` where nothing was sent. */
export function mayRunUntilMs(events: readonly PayoutEvent[], limitMs: number): number | null {
  const sentAt = sentAtMs(events);
  return sentAt === null ? null : sentAt + limitMs + LIMIT_MARGIN_MS;
}

/** Whether that time is over, as is on record; what went out, or was first heard of, since then has its own. */
export function isCapped(events: readonly PayoutEvent[]): boolean {
  const sentAt = sentAtMs(events) ?? 0;
  return events.some(
    ({ fact, recordedAtMs }) => fact.kind === 'time_cap' && (fact.sentAtMs ?? recordedAtMs) >= sentAt,
  );
}

/** Whether machines have sent it as often as they may, and the newest request was not heard of either. */
export function isSentOut(requests: readonly Request[]): boolean {
  const mayHaveArrived = requests.filter((request) => !isHarmless(request)).length;
  return isUnheard(requests.at(-1)) && mayHaveArrived >= MAX_ATTEMPTS;
}
