import type { AlarmKind } from '../db/alarms.ts';
import { ecommpayReading } from './ecommpay/reading.ts';
import type { FactOf, PaymentEvent } from './facts.ts';
import { mayaReading } from './maya-reading.ts';
import {
  type Conclusion,
  factsOf,
  lastsUntilNow,
  type RailReading,
  review,
  type Verdict,
  verdict,
} from './verdict.ts';

export type { Conclusion } from './verdict.ts';

/** Facts with which a payment over ECommPay begins; every other payment is Maya's. */
const FIRST_AT_ECOMMPAY = new Set(['page_handed', 'sale_attempt']);

/** The rail that these facts are of. A payment never changes its rail. */
export function readingOf(events: readonly PaymentEvent[]): RailReading {
  return events.some(({ fact }) => FIRST_AT_ECOMMPAY.has(fact.kind)) ? ecommpayReading : mayaReading;
}

/**
 * Draws the conclusion from the whole set of a payment's facts. Their order does not matter, nor who recorded them.
 *
 * From the strongest: approved by the provider, the newest staff decision, a success whose money differs, declined by
 * the provider, approved by `PY0010`, failed, review, executing, created, creating.
 */
export function reduce(events: readonly PaymentEvent[]): Conclusion {
  const rail = readingOf(events);
  const decision = newestDecision(events);
  const machine = rail.verdict(events);
  const concluded = decision ? withDecision(rail, events, machine, decision) : machine;
  return {
    ...concluded,
    providerId: rail.providerId(events),
    asking: askingToBeSure(rail, unseen(events, decision), askingOf(rail, concluded, decision, events)),
    staffDecided: decision !== undefined,
    executeRecorded: rail.lastAttempt(events) > 0,
    debited: concluded.state === 'approved' || (concluded.state === 'review' && rail.saysCharged(events)),
    alarms: [...new Set([...concluded.alarms, ...rail.standingAlarms(events)])],
  };
}

function newestDecision(events: readonly PaymentEvent[]): FactOf<'staff_decided'> | undefined {
  const newest = events
    .filter(({ fact }) => fact.kind === 'staff_decided')
    .sort((a, b) => b.number - a.number)[0]?.fact;
  return newest?.kind === 'staff_decided' ? newest : undefined;
}

/**
 * A person's decision beats everything but the provider's own approval. Where facts that the person had not seen lead
 * the other way, it is a person's turn again.
 */
function withDecision(
  rail: RailReading,
  events: readonly PaymentEvent[],
  machine: Verdict,
  { decision, seen }: FactOf<'staff_decided'>,
): Verdict {
  const known = events.filter((event) => event.number <= seen);
  const then = rail.verdict(known);
  const isNew = machine.state !== then.state || machine.reason !== then.reason;
  const charged =
    (machine.state === 'approved' && then.state !== 'approved') ||
    (rail.saysCharged(events) && !rail.saysCharged(known));
  const notCharged = isNew && (machine.state === 'declined' || machine.state === 'failed');
  const contradicted = decision === 'charged' ? notCharged : charged;
  // Told even where something stronger came beside it, or will.
  const denied = decision === 'charged' && rail.denials(events) > rail.denials(known);
  const alarms: AlarmKind[] = contradicted || denied ? ['contradiction'] : [];
  if (machine.state === 'approved' && machine.confirmedBy === 'provider')
    return { ...machine, alarms: [...machine.alarms, ...alarms] };
  if (contradicted) return review('contradiction', ...alarms);
  return decision === 'charged'
    ? verdict('approved', 'staff', { confirmedBy: 'staff', alarms })
    : verdict('failed', 'staff', { confirmedBy: 'staff', alarms });
}

/** What came after a person had looked. */
const unseen = (events: readonly PaymentEvent[], decision: FactOf<'staff_decided'> | undefined) =>
  events.filter(({ number }) => number > (decision?.seen ?? 0));

/** What has ended, or what a person decided, stays as it is; but it is asked about where something is left to hear. */
const askingToBeSure = (
  rail: RailReading,
  events: readonly PaymentEvent[],
  asking: Conclusion['asking'],
): Conclusion['asking'] => (asking === 'no' && rail.isUnsure(events) ? 'to_be_sure' : asking);

function askingOf(
  rail: RailReading,
  { state, reason }: Verdict,
  decision: FactOf<'staff_decided'> | undefined,
  events: readonly PaymentEvent[],
): Conclusion['asking'] {
  if (decision || state === 'approved' || state === 'declined' || state === 'failed') return 'no';
  if (state !== 'review') return 'yes';
  const lastAttempt = rail.lastAttempt(events);
  if (lastAttempt === 0 || rail.neverAsked.has(reason ?? '')) return 'no';
  if (lastsUntilNow(factsOf(events, 'staff_asked'), lastAttempt)) return 'yes';
  return rail.stillAsked.has(reason ?? '') ? 'hourly' : 'no';
}
