import type { AlarmKind } from '../db/alarms.ts';
import type { PayoutState } from '../db/schema.ts';
import { isUnanswered, openAmbiguities } from '../ecommpay/ambiguous.ts';
import { successes } from '../ecommpay/successes.ts';
import { type FactOf, factsOf, type PayoutEvent, type Said } from './facts.ts';
import { isBalance, isOfARequest, readRefusal, type Stop } from './refusal.ts';
import { isCapped, isHarmless, isSentOut, lastAttempt, requestsOf, STOOD_STILL } from './requests.ts';

/** What a set of facts means. */
export type Conclusion = {
  state: PayoutState;
  /** A stable word, or ECommPay's code. */
  reason: string | null;
  confirmedBy: 'provider' | 'staff' | null;
  /**
   * Whether machines may go on asking for the status: by its schedule, hourly, only to be sure of what stands (a callback
   * that says nothing by itself came), or not at all.
   */
  asking: 'yes' | 'hourly' | 'to_be_sure' | 'no';
  staffDecided: boolean;
  /** Why the rest of the batch must wait for staff. */
  stops: Stop | null;
  alarms: AlarmKind[];
};

type Verdict = Pick<Conclusion, 'state' | 'reason' | 'confirmedBy' | 'stops' | 'alarms'>;

const verdict = (state: PayoutState, reason: string | null = null, more: Partial<Verdict> = {}): Verdict => ({
  state,
  reason,
  confirmedBy: null,
  stops: null,
  alarms: [],
  ...more,
});

const review = (reason: string, ...alarms: AlarmKind[]): Verdict =>
  verdict('review', reason, { alarms: ['payout_in_review', ...alarms] });

/** Alarms of what was said of the money: whoever decides, and whatever is said besides, does not undo them. */
const STANDING: readonly AlarmKind[] = [
  'contradiction',
  'money_differs',
  'second_operation',
  'unexpected_status',
];

/** Reasons for review that a later answer can still resolve by itself. */
const STILL_ASKED = new Set([
  'time_cap',
  'money_differs',
  'unexpected_status',
  'refused_on_repeat',
  'not_found',
]);

/**
 * Draws the conclusion from the whole set of a payout's facts. Their order does not matter, nor who recorded them.
 *
 * From the strongest: paid as the provider says, the newest staff decision, a success whose money differs, declined by
 * the provider, failed, review, processing, unknown, held, ready.
 */
export function reduce(events: readonly PayoutEvent[]): Conclusion {
  const decision = newestDecision(events);
  const machine = machineVerdict(events);
  const concluded = decision ? withDecision(events, machine, decision) : machine;
  return {
    ...concluded,
    asking: askingToBeSure(unseen(events, decision), askingOf(concluded, decision, events)),
    staffDecided: decision !== undefined,
    alarms: [...concluded.alarms, ...(isUnanswered(events) ? (['status_unanswered'] as const) : [])],
  };
}

/** What came after a person had looked. */
const unseen = (events: readonly PayoutEvent[], decision: FactOf<'staff_decided'> | undefined) =>
  events.filter(({ number }) => number > (decision?.seen ?? 0));

/** What has ended, or what a person decided, stays as it is; but it is asked about where something is left to hear. */
const askingToBeSure = (
  events: readonly PayoutEvent[],
  asking: Conclusion['asking'],
): Conclusion['asking'] => (asking === 'no' && openAmbiguities(events).length > 0 ? 'to_be_sure' : asking);

function newestDecision(events: readonly PayoutEvent[]): FactOf<'staff_decided'> | undefined {
  const newest = events
    .filter(({ fact }) => fact.kind === 'staff_decided')
    .sort((a, b) => b.number - a.number)[0]?.fact;
  return newest?.kind === 'staff_decided' ? newest : undefined;
}

/** A person's decision beats everything but a success; facts that person had not seen may put it in question. */
function withDecision(
  events: readonly PayoutEvent[],
  machine: Verdict,
  { decision, seen }: FactOf<'staff_decided'>,
): Verdict {
  const then = machineVerdict(events.filter((event) => event.number <= seen));
  const isNew = machine.state !== then.state || machine.reason !== then.reason;
  const paid = machine.state === 'paid' || machine.reason === 'money_differs';
  // Refused, or never sent: a request that was open when the person looked turned out not to have left.
  const notPaid = ['declined', 'failed', 'ready', 'held'].includes(machine.state);
  const contradicted = isNew && (decision === 'paid' ? notPaid : paid);
  if (machine.state === 'paid')
    return contradicted ? { ...machine, alarms: [...machine.alarms, 'contradiction'] } : machine;
  if (contradicted) return review('contradiction', 'contradiction');
  const alarms = machine.alarms.filter((kind) => STANDING.includes(kind));
  return verdict(decision === 'paid' ? 'paid' : 'failed', 'staff', { confirmedBy: 'staff', alarms });
}

function askingOf(
  { state, reason }: Verdict,
  decision: FactOf<'staff_decided'> | undefined,
  events: readonly PayoutEvent[],
): Conclusion['asking'] {
  if (decision) return 'no';
  if (state === 'unknown' || state === 'processing') return 'yes';
  const isReview = state === 'review' && STILL_ASKED.has(reason ?? '');
  if (!isReview && state !== 'held') return 'no';
  const newest = events.reduce((a, b) => (b.number > a.number ? b : a));
  // Nothing is to be found of what was refused; but whoever wonders may have it looked up.
  if (newest.fact.kind === 'staff_asked') return 'yes';
  return isReview ? 'hourly' : 'no';
}

const isRight = ({ differs }: Said) => differs.length === 0;

/** What follows from ECommPay's answers alone. Only its status, however learned, ends what may have been taken. */
function machineVerdict(events: readonly PayoutEvent[]): Verdict {
  const asked = factsOf(events, 'status_said').map((fact) => fact.said);
  const said = [...asked, ...factsOf(events, 'callback_said').map((fact) => fact.said)];
  const of = (reading: Said['reading']) => said.filter((one) => one.reading === reading);
  const declines = of('decline').filter(
    (one) => isRight(one) && (asked.includes(one) || !mayBeARepeats(events, one)),
  );
  // Only a signed answer of ECommPay's own ends a payout in these ways. Always the same of two, whatever their order.
  const ended = (['error', 'expired'] as const).find((reading) =>
    asked.some((one) => isRight(one) && one.reading === reading),
  );
  const refused = refusal(events);
  const twice: AlarmKind[] = successes(said).size > 1 ? ['second_operation'] : [];

  if (of('success').some(isRight)) {
    const contradicts = declines.length > 0 || ended || refused;
    const alarms: AlarmKind[] = [
      ...(contradicts ? (['contradiction'] as const) : []),
      ...(of('unexpected').length > 0 ? (['unexpected_status'] as const) : []),
      ...(said.every(isRight) ? [] : (['money_differs'] as const)),
      ...twice,
    ];
    return verdict('paid', null, { confirmedBy: 'provider', alarms });
  }
  if (of('success').length > 0) return review('money_differs', 'money_differs', ...twice);
  if (declines.length > 0) {
    const code = declines.map((one) => one.code).sort()[0] ?? null;
    return verdict('declined', code, {
      confirmedBy: 'provider',
      stops: declines.some((one) => isBalance(one.code)) ? 'balance' : null,
    });
  }
  if (ended) return verdict('failed', ended);
  if (!said.every(isRight)) return review('money_differs', 'money_differs');
  if (of('unexpected').length > 0) return review('unexpected_status', 'unexpected_status');
  if (isCapped(events)) return review('time_cap');
  return said.length > 0 ? underWay(events, said) : (refused ?? underWay(events, said));
}

/**
 * Whether a callback's decline may be that of a repeat, and say nothing of the request before it. ECommPay's answer to our
 * question speaks of the payout as a whole.
 */
function mayBeARepeats(events: readonly PayoutEvent[], { code }: Said): boolean {
  const requests = requestsOf(events);
  return isOfARequest(code) && requests.length > 1 && !requests.every(isHarmless);
}

/** Nothing of it was made, as far as the answers to its requests tell: each was refused by name, or never left. */
function refusal(events: readonly PayoutEvent[]): Verdict | null {
  const requests = requestsOf(events);
  const last = requests.at(-1)?.answer;
  const exported = factsOf(events, 'exported').length > 0;
  if (!last || exported) return null;
  // An earlier request went unanswered, so the refusal says nothing; nor is that one to be found.
  if (!requests.every(isHarmless))
    return last.kind === 'refused' && isGone(events) ? review('refused_on_repeat') : null;
  const refused = requests.map(({ answer }) => answer).findLast((answer) => answer?.kind === 'refused');
  // One that never left says nothing of why the one before it was refused.
  const never = last.kind === 'not_connected' ? whyNot(last) : null;
  if (refused?.kind !== 'refused') return never && verdict('ready', never, { stops: never });
  const { state, reason, stops } = readRefusal(refused);
  const alarms: AlarmKind[] = [
    ...(reason === 'duplicate' ? (['payout_duplicate'] as const) : []),
    ...(refused.meaning !== 'declined' && stops !== 'balance' ? (['ecommpay_configuration'] as const) : []),
  ];
  return verdict(state, reason, { stops: never ?? stops, alarms });
}

const whyNot = ({ reason }: { reason: string }): Stop =>
  reason === STOOD_STILL ? 'stood_still' : 'not_connected';

/** ECommPay did not know it when it would have known the newest request, had that arrived. */
const isGone = (events: readonly PayoutEvent[]): boolean =>
  factsOf(events, 'not_found').some((fact) => fact.late && fact.afterAttempt >= lastAttempt(events));

function underWay(events: readonly PayoutEvent[], said: readonly Said[]): Verdict {
  const requests = requestsOf(events);
  if (said.some(({ status }) => status === 'awaiting clarification'))
    return verdict('processing', 'clarification', { alarms: ['payout_clarification'] });
  const isTaken = requests.some(({ answer }) => answer?.kind === 'accepted' || answer?.kind === 'duplicate');
  if (said.length > 0 || isTaken) return verdict('processing');
  if (factsOf(events, 'exported').length > 0) return verdict('unknown', 'exported');
  // Sent as often as machines may, and ECommPay knows none of it: what else could be learnt?
  if (isSentOut(requests) && isGone(events)) return review('not_found');
  return verdict(requests.length > 0 ? 'unknown' : 'ready');
}
