import { executesOf } from '#lib/payments/executes.ts';
import type { PaymentEvent } from '#lib/payments/facts.ts';
import { reduce } from '#lib/payments/reduce.ts';

/** When what became known of one payment, by the store's clock. */
export type Moments = {
  /** The first execute ended without telling anything. */
  lostAtMs: number | null;
  /** The repeat after it was recorded, to be sent at once. */
  nextLookAtMs: number | null;
  /** The fact came that made it final, or a person's matter. */
  settledAtMs: number | null;
};

const SETTLED = ['approved', 'declined', 'failed', 'review'];

export function momentsOf(events: readonly PaymentEvent[]): Moments {
  const at = (kind: PaymentEvent['fact']['kind'], attempt: number) =>
    events.find(({ fact }) => fact.kind === kind && 'attempt' in fact && fact.attempt === attempt)
      ?.recordedAtMs ?? null;
  const [first] = executesOf(events);
  const answer = first?.answer?.outcome.kind;
  const lost = answer === 'lost' || answer === 'unclear';
  const settling = events.findIndex((_, index) => SETTLED.includes(reduce(events.slice(0, index + 1)).state));
  return {
    lostAtMs: lost ? at('execute_answer', 1) : null,
    nextLookAtMs: lost ? at('execute_attempt', 2) : null,
    settledAtMs: settling < 0 ? null : (events[settling]?.recordedAtMs ?? null),
  };
}
