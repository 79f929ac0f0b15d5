import type { AlarmKind } from '../../db/alarms.ts';
import { isUnanswered, openAmbiguities } from '../../ecommpay/ambiguous.ts';
import type { CodeMeaning } from '../../ecommpay/codes.ts';
import { successes } from '../../ecommpay/successes.ts';
import type { PaymentEvent } from '../facts.ts';
import { isFinal } from '../payment.ts';
import { factsOf, lastsUntilNow, type RailReading, review, type Verdict, verdict } from '../verdict.ts';
import type { Said } from './facts.ts';
import { isHarmless, isKnown, runsUntilMs, salesOf } from './sales.ts';

/**
 * How the ECommPay rail reads its facts. The payment's own status decides, however it was learned: by callback or by
 * asking, in any order. ECommPay can reverse a decline, late or by hand: then the success counts, with an alarm.
 */
export const ecommpayReading: RailReading = {
  verdict: saidVerdict,
  providerId: (events) =>
    factsOf(events, 'page_handed')[0]?.paymentId ?? factsOf(events, 'sale_attempt')[0]?.paymentId ?? null,
  standingAlarms,
  saysCharged: (events) =>
    saidOf(events).some(
      ({ reading, differs }) =>
        reading === 'success' && !differs.includes('project') && !differs.includes('type'),
    ),
  denials: (events) =>
    saidOf(events).filter((said) => isRight(said) && ENDS_WITHOUT_MONEY.has(said.reading)).length +
    [neverTaken(events), neverFound(events)].filter(Boolean).length,
  lastAttempt,
  openUntilMs: (events, sendLimitMs) =>
    Math.max(
      isOver(events) ? 0 : runsUntilMs(events),
      ...salesOf(events)
        .filter((sale) => !sale.answer)
        .map((sale) => sale.recordedAtMs + sendLimitMs),
    ),
  isUnsure: (events) => openAmbiguities(events).length > 0,
  stillAsked: new Set(['time_cap', 'money_differs', 'unexpected_status']),
  neverAsked: new Set(['contradiction']),
};

function lastAttempt(events: readonly PaymentEvent[]): number {
  return Math.max(0, factsOf(events, 'page_handed').length, ...salesOf(events).map(({ attempt }) => attempt));
}

const ENDS_WITHOUT_MONEY: ReadonlySet<Said['reading']> = new Set(['decline', 'error', 'expired']);

const saidOf = (events: readonly PaymentEvent[]): Said[] => [
  ...factsOf(events, 'status_said').map(({ said }) => said),
  ...factsOf(events, 'callback_said').map(({ said }) => said),
];

function standingAlarms(events: readonly PaymentEvent[]): AlarmKind[] {
  const said = saidOf(events);
  return [
    ...(said.every(isRight) ? [] : (['money_differs'] as const)),
    ...(said.some(({ reading }) => reading === 'unexpected') ? (['unexpected_status'] as const) : []),
    ...(successes(said).size > 1 ? (['second_operation'] as const) : []),
    ...(isUnanswered(events) ? (['status_unanswered'] as const) : []),
    ...(nothingRegistered(events)?.alarms ?? []),
  ];
}

/** Whether ECommPay itself said that the customer cannot pay it any more, whatever else may be in doubt. */
function isOver(events: readonly PaymentEvent[]): boolean {
  if (isFinal(saidVerdict(events).state)) return true;
  const ofOurs = saidOf(events).filter(
    ({ differs }) => !differs.includes('project') && !differs.includes('type'),
  );
  return ofOurs.some(
    ({ reading, status }) =>
      reading === 'success' ||
      reading === 'decline' ||
      (reading === 'unexpected' && !status.startsWith('awaiting')),
  );
}

const isRight = ({ differs }: Said) => differs.length === 0;

function saidVerdict(events: readonly PaymentEvent[]): Verdict {
  const asked = factsOf(events, 'status_said').map(({ said }) => said);
  const said = saidOf(events);
  const of = (...readings: Said['reading'][]) => said.filter(({ reading }) => readings.includes(reading));
  const declines = of('decline').filter(isRight);
  // Only an answer of ECommPay's own ends a payment in these ways. Always the same of two, whatever their order.
  const ended = (['error', 'expired'] as const).find((reading) =>
    asked.some((one) => isRight(one) && one.reading === reading),
  );
  const nothing = nothingRegistered(events);

  if (of('success').some(isRight))
    return verdict('approved', null, {
      confirmedBy: 'provider',
      alarms: [
        ...(declines.length > 0 || ended || nothing ? (['contradiction'] as const) : []),
        ...(of('unexpected').length > 0 ? (['unexpected_status'] as const) : []),
      ],
    });
  if (of('success').length > 0) return review('money_differs', 'money_differs');
  if (declines.length > 0) return verdict('declined', anyCode(declines));
  if (ended) return verdict('failed', ended);
  if (nothing && said.length === 0) return nothing;
  return needsAPerson(events, said) ?? underWay(events);
}

/** Where several declines came with different codes, always the same one of them, whatever their order. */
function anyCode(declines: readonly Said[]): string | null {
  return declines.map(({ code }) => code).sort()[0] ?? null;
}

/** Refusals that nobody but staff can mend. */
const FOR_STAFF = new Set<CodeMeaning>(['configuration', 'our_fault']);

/** ECommPay never had this payment, as far as its answers tell, so nothing was charged. */
const nothingRegistered = (events: readonly PaymentEvent[]): Verdict | null =>
  neverTaken(events) ?? neverFound(events);

/** Every request was refused by name, or never left. */
function neverTaken(events: readonly PaymentEvent[]): Verdict | null {
  const sales = salesOf(events);
  const refusal = sales.map(({ answer }) => answer).find((answer) => answer?.kind === 'refused');
  if (sales.length > 0 && sales.every(isHarmless)) {
    if (refusal?.kind === 'refused')
      return verdict('failed', refusal.code, {
        alarms: FOR_STAFF.has(refusal.meaning) ? ['ecommpay_configuration'] : [],
      });
    const stopped = factsOf(events, 'not_started')[0];
    if (stopped) return verdict('failed', stopped.why);
    if (lastsUntilNow(factsOf(events, 'pay_by_passed'), lastAttempt(events)))
      return verdict('failed', 'not_connected');
  }
  return null;
}

function neverFound(events: readonly PaymentEvent[]): Verdict | null {
  const late = factsOf(events, 'status_not_found').filter((fact) => fact.late);
  return lastsUntilNow(late, lastAttempt(events)) ? verdict('failed', 'not_registered') : null;
}

/** No machine can learn the outcome. */
function needsAPerson(events: readonly PaymentEvent[], said: readonly Said[]): Verdict | null {
  if (!said.every(isRight)) return review('money_differs', 'money_differs');
  if (said.some(({ reading }) => reading === 'unexpected'))
    return review('unexpected_status', 'unexpected_status');
  if (factsOf(events, 'time_cap').length > 0) return review('time_cap');
  return null;
}

/** A Gate sale that nobody has answered may not exist; whatever else was sent may be paid at any moment. */
function underWay(events: readonly PaymentEvent[]): Verdict {
  const isPage = factsOf(events, 'page_handed').length > 0;
  return verdict(isPage || isKnown(events) ? 'executing' : 'creating');
}
