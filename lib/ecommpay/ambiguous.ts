import { z } from 'zod';
import { HOUR_MS } from '../base/pauses.ts';

/**
 * What becomes of ambiguous callbacks (contract 2.5), of payments and payouts alike: each is a question that stays open
 * until ECommPay answers one for the status that was asked after it, whatever else is known by then.
 */

/** So long it is asked; then a person has to look. */
export const ASKED_FOR_MS = 24 * HOUR_MS;

/** An ambiguous callback is done with: ECommPay answered after it, or nobody did for {@link ASKED_FOR_MS}. */
export const ambiguitySettled = z.object({
  kind: z.literal('ambiguity_settled'),
  /** Names the callback. */
  digest: z.string(),
  answered: z.boolean(),
});

type AmbiguitySettled = z.infer<typeof ambiguitySettled>;

export const settledKey = ({ kind, digest, answered }: AmbiguitySettled): string =>
  `${kind}:${digest}:${answered ? 'answered' : 'unanswered'}`;

/** As much of a fact on record as matters here. */
type Recorded = {
  recordedAtMs: number;
  fact: { kind: string; said?: { ambiguous?: string }; digest?: string; answered?: boolean };
};

/** The ambiguous callbacks on record that are not settled, and since when they wait for an answer. */
export function openAmbiguities(events: readonly Recorded[]): { digest: string; sinceMs: number }[] {
  const settled = new Set(
    events.filter(({ fact }) => fact.kind === 'ambiguity_settled').map(({ fact }) => fact.digest),
  );
  return events.flatMap(({ fact, recordedAtMs }) => {
    const digest = fact.said?.ambiguous;
    return digest === undefined || settled.has(digest) ? [] : [{ digest, sinceMs: recordedAtMs }];
  });
}

/** Whether one of them was never answered. */
export const isUnanswered = (events: readonly Pick<Recorded, 'fact'>[]): boolean =>
  events.some(({ fact }) => fact.kind === 'ambiguity_settled' && fact.answered === false);

export const answeredAll = (digests: readonly string[]): AmbiguitySettled[] =>
  digests.map((digest) => ({ kind: 'ambiguity_settled', digest, answered: true }));

/** Those that were asked about for long enough, at this moment. */
export const givenUp = (events: readonly Recorded[], nowMs: number): AmbiguitySettled[] =>
  openAmbiguities(events)
    .filter(({ sinceMs }) => nowMs >= sinceMs + ASKED_FOR_MS)
    .map(({ digest }) => ({ kind: 'ambiguity_settled', digest, answered: false }));
