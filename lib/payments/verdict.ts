import type { AlarmKind } from '../db/alarms.ts';
import type { PaymentState } from '../db/schema.ts';
import type { Fact, FactOf, PaymentEvent } from './facts.ts';

/** What a set of facts means. */
export type Conclusion = {
  state: PaymentState;
  /** A stable word for why, for staff, logs and the sentence a customer reads. */
  reason: string | null;
  confirmedBy: 'provider' | 'PY0010' | 'staff' | null;
  /** The provider's payment id: Maya's own, once a create gave one that is ours; at ECommPay it is our id. */
  providerId: string | null;
  /**
   * Whether settling may go on asking: by its schedule, hourly, only to be sure of what stands (a callback that says nothing
   * by itself came), or not at all.
   */
  asking: 'yes' | 'hourly' | 'to_be_sure' | 'no';
  staffDecided: boolean;
  /** Whether something was sent that may charge: Maya's execute, ECommPay's sale, or the Payment Page's address. */
  executeRecorded: boolean;
  /** Whether money was taken, as far as anybody knows: approved, or in review although the provider said "success". */
  debited: boolean;
  alarms: AlarmKind[];
};

/** What a person found out about a payment. */
export type StaffDecision = 'charged' | 'not_charged';

/** What follows from the provider's answers alone, without any person. */
export type Verdict = Pick<Conclusion, 'state' | 'reason' | 'confirmedBy' | 'alarms'>;

/** How one rail reads its own facts. Everything that both rails share is in `reduce.ts`. */
export type RailReading = {
  verdict(events: readonly PaymentEvent[]): Verdict;
  /**
   * What staff is to be told whatever else is known, before it or after it: a fact more never takes one away, so that the
   * order of facts cannot matter.
   */
  standingAlarms(events: readonly PaymentEvent[]): AlarmKind[];
  /** Whether the provider said that it took money, be it another sum than ours. */
  saysCharged(events: readonly PaymentEvent[]): boolean;
  /** How many things on record say that nothing was charged. */
  denials(events: readonly PaymentEvent[]): number;
  providerId(events: readonly PaymentEvent[]): string | null;
  /** Number of the newest thing that was sent and may charge; 0 where nothing was. */
  lastAttempt(events: readonly PaymentEvent[]): number;
  /**
   * Until when a person's decision would come too early: something may be on the wire, or in the customer's hands; before
   * "not charged" also something whose answer was lost, which the provider may still be working on.
   */
  openUntilMs(events: readonly PaymentEvent[], sendLimitMs: number, decision: StaffDecision): number;
  /** Whether a question for the status has to be answered, whatever is known already. */
  isUnsure(events: readonly PaymentEvent[]): boolean;
  /** Reasons for review that a later answer can still resolve by itself. */
  stillAsked: ReadonlySet<string>;
  /** Reasons for review under which asking would be wrong, whoever asks for it. */
  neverAsked: ReadonlySet<string>;
};

export const verdict = (
  state: PaymentState,
  reason: string | null = null,
  more: Partial<Pick<Verdict, 'confirmedBy' | 'alarms'>> = {},
): Verdict => ({ state, reason, confirmedBy: more.confirmedBy ?? null, alarms: more.alarms ?? [] });

export const review = (reason: string, ...alarms: AlarmKind[]): Verdict =>
  verdict('review', reason, { alarms: ['payment_in_review', ...alarms] });

export const factsOf = <Kind extends Fact['kind']>(
  events: readonly PaymentEvent[],
  kind: Kind,
): FactOf<Kind>[] =>
  events.map((event) => event.fact).filter((fact): fact is FactOf<Kind> => fact.kind === kind);

/** Whether such a fact still stands: no attempt was recorded after it. */
export function lastsUntilNow(found: readonly { afterAttempt: number }[], lastAttempt: number): boolean {
  return found.some(({ afterAttempt }) => afterAttempt >= lastAttempt);
}
