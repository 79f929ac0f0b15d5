import type { AlarmKind } from '../db/alarms.ts';
import type { PaymentState } from '../db/schema.ts';
import { type Execute, executesOf, isConditionalCode, isHarmless, isOnlyPossible } from './executes.ts';
import type { Fact, FactOf, PaymentEvent } from './facts.ts';

/** What a set of facts means. */
export type Conclusion = {
  state: PaymentState;
  /** A stable word for why, for staff, logs and the sentence a customer reads. */
  reason: string | null;
  confirmedBy: 'provider' | 'PY0010' | 'staff' | null;
  /** Maya's payment id, once a create gave one that is ours. */
  providerId: string | null;
  /** Whether settling may repeat the execute: by its schedule, hourly, or not at all. */
  asking: 'yes' | 'hourly' | 'no';
  staffDecided: boolean;
  executeRecorded: boolean;
  alarms: AlarmKind[];
};

type Verdict = Pick<Conclusion, 'state' | 'reason' | 'confirmedBy' | 'alarms'>;

/** This many answers that decide nothing, and a person has to look. */
const UNDECIDED_LIMIT = 3;

/** Reasons for review that a later answer can still resolve by itself. */
const STILL_ASKED = new Set(['time_cap', 'tokens_gone']);

/** Reasons for review under which a repeat would be wrong, whoever asks for it. */
const NEVER_ASKED = new Set([
  'execute_mismatch',
  'other_payment_paid',
  'provider_id_reused',
  'contradiction',
]);

/**
 * Draws the conclusion from the whole set of a payment's facts. Their order does not matter, nor who recorded them.
 *
 * From the strongest: approved by Maya, the newest staff decision, a success whose money differs, declined by Maya,
 * approved by `PY0010`, failed, review, executing, created, creating.
 */
export function reduce(events: readonly PaymentEvent[]): Conclusion {
  const executes = executesOf(events);
  const providerId = providerIdOf(events);
  const decision = newestDecision(events);
  const machine = machineVerdict(events, executes, providerId);
  const verdict = decision ? withDecision(events, machine, decision) : machine;
  return {
    ...verdict,
    providerId,
    asking: askingOf(verdict, decision, events, executes),
    staffDecided: decision !== undefined,
    executeRecorded: executes.length > 0,
  };
}

const facts = <Kind extends Fact['kind']>(events: readonly PaymentEvent[], kind: Kind): FactOf<Kind>[] =>
  events.map((event) => event.fact).filter((fact): fact is FactOf<Kind> => fact.kind === kind);

const verdict = (
  state: PaymentState,
  reason: string | null = null,
  more: Partial<Pick<Verdict, 'confirmedBy' | 'alarms'>> = {},
): Verdict => ({ state, reason, confirmedBy: more.confirmedBy ?? null, alarms: more.alarms ?? [] });

const review = (reason: string, ...alarms: AlarmKind[]): Verdict =>
  verdict('review', reason, { alarms: ['payment_in_review', ...alarms] });

/** The id of the first create that gave one. Later ids are on record and never executed. */
function providerIdOf(events: readonly PaymentEvent[]): string | null {
  const created = events
    .filter(({ fact }) => fact.kind === 'create_answer' && fact.outcome.kind === 'created')
    .sort((a, b) => a.number - b.number)[0]?.fact;
  return created?.kind === 'create_answer' && created.outcome.kind === 'created' ? created.outcome.id : null;
}

function newestDecision(events: readonly PaymentEvent[]): FactOf<'staff_decided'> | undefined {
  const newest = events
    .filter(({ fact }) => fact.kind === 'staff_decided')
    .sort((a, b) => b.number - a.number)[0]?.fact;
  return newest?.kind === 'staff_decided' ? newest : undefined;
}

/** What follows from Maya's answers alone, without any person. */
function machineVerdict(
  events: readonly PaymentEvent[],
  executes: readonly Execute[],
  providerId: string | null,
): Verdict {
  if (executes.length === 0) return beforeExecute(events, providerId);
  const answered = (kind: string) => executes.filter((execute) => execute.answer?.outcome.kind === kind);
  const mismatches = executes.flatMap((execute) =>
    execute.answer?.outcome.kind === 'mismatch' ? [execute.answer.outcome] : [],
  );
  const declined = answered('declined').length > 0;
  const conclusionsOfPy0010 = new Set(executes.map((execute) => execute.answer?.py0010?.concluded));

  if (answered('approved').length > 0)
    return verdict('approved', null, { confirmedBy: 'provider', alarms: declined ? ['contradiction'] : [] });
  if (mismatches.some(({ status }) => status === 'APPROVED'))
    return review('execute_mismatch', 'execute_mismatch');
  const lastingDecline = answered('decline_code').find((execute) => isOnlyPossible(execute, executes));
  if (declined || lastingDecline) {
    if (conclusionsOfPy0010.has('approved')) return review('contradiction', 'contradiction');
    const outcome = lastingDecline?.answer?.outcome;
    return verdict('declined', outcome?.kind === 'decline_code' ? outcome.code : null);
  }
  if (conclusionsOfPy0010.has('approved')) return verdict('approved', null, { confirmedBy: 'PY0010' });
  return (
    nothingCharged(events, executes) ??
    needsAPerson(events, executes, conclusionsOfPy0010, mismatches.length > 0) ??
    verdict('executing')
  );
}

/** No execute is on record, so nothing can have been charged. */
function beforeExecute(events: readonly PaymentEvent[], providerId: string | null): Verdict {
  const outcomes = facts(events, 'create_answer').map((fact) => fact.outcome);
  if (outcomes.some(({ kind }) => kind === 'id_reused'))
    return review('provider_id_reused', 'provider_id_reused');
  if (outcomes.some(({ kind }) => kind === 'wrong_echo'))
    return verdict('failed', 'create_wrong_echo', { alarms: ['create_wrong_echo'] });
  if (outcomes.some(({ kind }) => kind === 'refused'))
    return verdict('failed', 'create_refused', { alarms: ['maya_configuration'] });
  const stopped = facts(events, 'not_started')[0];
  if (stopped) return verdict('failed', stopped.why);
  if (facts(events, 'interrupted').length > 0) return verdict('failed', 'interrupted');
  return verdict(providerId === null ? 'creating' : 'created');
}

/** Final, nothing was charged: a refusal that no other execute can contradict, or nothing ever arrived. */
function nothingCharged(events: readonly PaymentEvent[], executes: readonly Execute[]): Verdict | null {
  for (const execute of executes) {
    const outcome = execute.answer?.outcome;
    if (!isOnlyPossible(execute, executes)) continue;
    if (outcome?.kind === 'refused')
      return verdict('failed', outcome.code, { alarms: ['maya_configuration'] });
    if (outcome?.kind === 'not_found')
      return verdict('failed', 'not_found', { alarms: ['maya_configuration'] });
  }
  if (!executes.every(isHarmless)) return null;
  const refusals = executes.filter((execute) => execute.answer?.outcome.kind === 'unauthorized');
  if (refusals.length >= 2) return verdict('failed', 'unauthorized');
  if (lastsUntilNow(facts(events, 'tokens_gone'), executes)) return verdict('failed', 'session_over');
  if (lastsUntilNow(facts(events, 'pay_by_passed'), executes)) return verdict('failed', 'not_connected');
  return null;
}

/** Whether such a fact still stands: no attempt was recorded after it. */
function lastsUntilNow(found: readonly { afterAttempt: number }[], executes: readonly Execute[]): boolean {
  const last = executes.at(-1)?.attempt ?? 0;
  return found.some(({ afterAttempt }) => afterAttempt >= last);
}

/** No machine can learn the outcome. */
function needsAPerson(
  events: readonly PaymentEvent[],
  executes: readonly Execute[],
  conclusionsOfPy0010: ReadonlySet<string | undefined>,
  mismatch: boolean,
): Verdict | null {
  if (mismatch) return review('execute_mismatch', 'execute_mismatch');
  if (conclusionsOfPy0010.has('impossible'))
    return review('py0010_without_execute', 'py0010_without_execute');
  if (conclusionsOfPy0010.has('review')) return review('py0010');
  if (facts(events, 'other_paid').length > 0) return review('other_payment_paid', 'other_payment_paid');
  const codes = executes.filter((execute) => isConditionalCode(execute.answer?.outcome.kind)).length;
  const refusals = executes.filter((execute) => execute.answer?.outcome.kind === 'unauthorized').length;
  if (codes + Math.max(0, refusals - 1) >= UNDECIDED_LIMIT) return review('undecided');
  if (lastsUntilNow(facts(events, 'tokens_gone'), executes)) return review('tokens_gone');
  if (facts(events, 'time_cap').length > 0) return review('time_cap');
  return null;
}

/**
 * A person's decision beats everything but Maya's own APPROVED. Where facts that the person had not seen lead the
 * other way, it is a person's turn again.
 */
function withDecision(
  events: readonly PaymentEvent[],
  machine: Verdict,
  { decision, seen }: FactOf<'staff_decided'>,
): Verdict {
  const known = events.filter((event) => event.number <= seen);
  const then = machineVerdict(known, executesOf(known), providerIdOf(known));
  const isNew = machine.state !== then.state || machine.reason !== then.reason;
  const charged = machine.state === 'approved' || machine.reason === 'execute_mismatch';
  const notCharged = machine.state === 'declined' || machine.state === 'failed';
  const contradicted = isNew && (decision === 'charged' ? notCharged : charged);
  if (machine.state === 'approved' && machine.confirmedBy === 'provider')
    return contradicted ? { ...machine, alarms: [...machine.alarms, 'contradiction'] } : machine;
  if (contradicted) return review('contradiction', 'contradiction');
  return decision === 'charged'
    ? verdict('approved', 'staff', { confirmedBy: 'staff' })
    : verdict('failed', 'staff', { confirmedBy: 'staff' });
}

function askingOf(
  { state, reason }: Verdict,
  decision: FactOf<'staff_decided'> | undefined,
  events: readonly PaymentEvent[],
  executes: readonly Execute[],
): Conclusion['asking'] {
  if (decision || state === 'approved' || state === 'declined' || state === 'failed') return 'no';
  if (state !== 'review') return 'yes';
  if (executes.length === 0 || NEVER_ASKED.has(reason ?? '')) return 'no';
  if (lastsUntilNow(facts(events, 'staff_asked'), executes)) return 'yes';
  return STILL_ASKED.has(reason ?? '') ? 'hourly' : 'no';
}
