import type { AlarmKind } from '../db/alarms.ts';
import {
  type Execute,
  executesOf,
  isConditionalCode,
  isHarmless,
  isOnlyPossible,
  isUnanswered,
} from './executes.ts';
import type { Fact, FactOf, PaymentEvent } from './facts.ts';
import { SEND_WITHIN_MS, WORKS_ON_MS } from './timing.ts';
import { factsOf, lastsUntilNow, type RailReading, review, type Verdict, verdict } from './verdict.ts';

/** This many answers that decide nothing, and a person has to look. */
const UNDECIDED_LIMIT = 3;

/** How the Maya rail reads its facts: creates, executes and their answers. */
export const mayaReading: RailReading = {
  verdict: (events) => machineVerdict(events, executesOf(events), providerIdOf(events)),
  providerId: providerIdOf,
  standingAlarms,
  saysCharged: (events) =>
    outcomesOf(events).some(
      (outcome) =>
        outcome.kind === 'approved' || (outcome.kind === 'mismatch' && outcome.status === 'APPROVED'),
    ),
  denials: (events) => {
    const executes = executesOf(events);
    return executes.filter((execute) => {
      const kind = execute.answer?.outcome.kind;
      return kind === 'declined' || (isConditionalCode(kind) && isOnlyPossible(execute, executes));
    }).length;
  },
  lastAttempt: (events) => executesOf(events).at(-1)?.attempt ?? 0,
  openUntilMs: (events, sendLimitMs, decision) => {
    const worksOnMs = decision === 'not_charged' ? WORKS_ON_MS : 0;
    return Math.max(
      0,
      ...executesOf(events)
        .filter((execute) => !execute.answer || (worksOnMs > 0 && isUnanswered(execute)))
        .map((execute) => connectedUntilMs(execute, sendLimitMs) + worksOnMs),
    );
  },
  isUnsure: () => false,
  stillAsked: new Set(['time_cap', 'tokens_gone']),
  neverAsked: new Set(['execute_mismatch', 'other_payment_paid', 'provider_id_reused', 'contradiction']),
};

/**
 * When the connection of an execute was over at the latest. Who has no answer may have died with the request on the wire,
 * in the last moment of its time limit.
 */
const connectedUntilMs = ({ answeredAtMs, recordedAtMs }: Execute, sendLimitMs: number): number =>
  answeredAtMs ?? recordedAtMs + SEND_WITHIN_MS + sendLimitMs;

const outcomesOf = (events: readonly PaymentEvent[]) =>
  factsOf(events, 'execute_answer').map(({ outcome }) => outcome);

function standingAlarms(events: readonly PaymentEvent[]): AlarmKind[] {
  const alarms: AlarmKind[] = [];
  const answers = factsOf(events, 'execute_answer');
  const declined = answers.some(({ outcome }) => outcome.kind === 'declined');
  if (answers.some(({ outcome }) => outcome.kind === 'mismatch')) alarms.push('execute_mismatch');
  if (answers.some(({ py0010 }) => py0010?.concluded === 'impossible')) alarms.push('py0010_without_execute');
  if (
    declined &&
    answers.some(({ outcome, py0010 }) => outcome.kind === 'approved' || py0010?.concluded === 'approved')
  )
    alarms.push('contradiction');
  if (factsOf(events, 'other_paid').length > 0) alarms.push('other_payment_paid');
  return alarms;
}

/** The id of the first create that gave one. Later ids are on record and never executed. */
function providerIdOf(events: readonly PaymentEvent[]): string | null {
  const created = events
    .filter(({ fact }) => fact.kind === 'create_answer' && fact.outcome.kind === 'created')
    .sort((a, b) => a.number - b.number)[0]?.fact;
  return created?.kind === 'create_answer' && created.outcome.kind === 'created' ? created.outcome.id : null;
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
  const outcomes = factsOf(events, 'create_answer').map((fact) => fact.outcome);
  if (outcomes.some(({ kind }) => kind === 'id_reused'))
    return review('provider_id_reused', 'provider_id_reused');
  if (outcomes.some(({ kind }) => kind === 'wrong_echo'))
    return verdict('failed', 'create_wrong_echo', { alarms: ['create_wrong_echo'] });
  if (outcomes.some(({ kind }) => kind === 'refused'))
    return verdict('failed', 'create_refused', { alarms: ['maya_configuration'] });
  const stopped = factsOf(events, 'not_started')[0];
  if (stopped) return verdict('failed', stopped.why);
  if (factsOf(events, 'interrupted').length > 0) return verdict('failed', 'interrupted');
  return verdict(providerId === null ? 'creating' : 'created');
}

/** Final, nothing was charged: a refusal that no other execute can contradict, or nothing ever arrived. */
function nothingCharged(events: readonly PaymentEvent[], executes: readonly Execute[]): Verdict | null {
  const lastAttempt = executes.at(-1)?.attempt ?? 0;
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
  const stopped = stoppedAfterExecutes(events);
  if (stopped) return verdict('failed', stopped.why);
  if (lastsUntilNow(factsOf(events, 'tokens_gone'), lastAttempt)) return verdict('failed', 'session_over');
  if (lastsUntilNow(factsOf(events, 'pay_by_passed'), lastAttempt)) return verdict('failed', 'not_connected');
  return null;
}

/** Whoever was to send the next execute stopped. One written before any execute weighs no more. */
function stoppedAfterExecutes(events: readonly PaymentEvent[]): FactOf<'not_started'> | undefined {
  const numbersOf = (kind: Fact['kind']) =>
    events.filter(({ fact }) => fact.kind === kind).map(({ number }) => number);
  const last = Math.max(...numbersOf('execute_attempt'));
  return numbersOf('not_started').some((number) => number > last)
    ? factsOf(events, 'not_started')[0]
    : undefined;
}

/** No machine can learn the outcome. */
function needsAPerson(
  events: readonly PaymentEvent[],
  executes: readonly Execute[],
  conclusionsOfPy0010: ReadonlySet<string | undefined>,
  mismatch: boolean,
): Verdict | null {
  const lastAttempt = executes.at(-1)?.attempt ?? 0;
  if (mismatch) return review('execute_mismatch', 'execute_mismatch');
  if (conclusionsOfPy0010.has('impossible'))
    return review('py0010_without_execute', 'py0010_without_execute');
  if (conclusionsOfPy0010.has('review')) return review('py0010');
  if (factsOf(events, 'other_paid').length > 0) return review('other_payment_paid', 'other_payment_paid');
  const codes = executes.filter((execute) => isConditionalCode(execute.answer?.outcome.kind)).length;
  const refusals = executes.filter((execute) => execute.answer?.outcome.kind === 'unauthorized').length;
  if (codes + Math.max(0, refusals - 1) >= UNDECIDED_LIMIT) return review('undecided');
  if (lastsUntilNow(factsOf(events, 'tokens_gone'), lastAttempt)) return review('tokens_gone');
  if (factsOf(events, 'time_cap').length > 0) return review('time_cap');
  return null;
}
