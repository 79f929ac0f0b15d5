import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact, PaymentEvent } from './facts.ts';
import { reduce } from './reduce.ts';

const REFERENCE = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const ID = '7d9c2f8a-1c51-4a7e-8a3b-5f0a3b1d9e42';

type Outcome = Extract<Fact, { kind: 'execute_answer' }>['outcome'];
type CreateOutcome = Extract<Fact, { kind: 'create_answer' }>['outcome'];
type Py0010 = NonNullable<Extract<Fact, { kind: 'execute_answer' }>['py0010']>['concluded'];

const number = (facts: Fact[]): PaymentEvent[] =>
  facts.map((fact, index) => ({ number: index + 1, recordedAtMs: 0, recordedBy: 'test', fact }));

const create = (attempt = 1): Fact => ({ kind: 'create_attempt', attempt, reference: REFERENCE });
const created = (outcome: CreateOutcome = { kind: 'created', id: ID }, attempt = 1): Fact => ({
  kind: 'create_answer',
  attempt,
  outcome,
});
const execute = (attempt: number): Fact => ({
  kind: 'execute_attempt',
  attempt,
  reference: REFERENCE,
  lease: `lease ${attempt}`,
  session: 'session',
  generation: 0,
});
const answer = (attempt: number, outcome: Outcome, concluded?: Py0010): Fact => ({
  kind: 'execute_answer',
  attempt,
  outcome,
  ...(concluded ? { py0010: { setting: 'approved' as const, concluded } } : {}),
});
const decided = (decision: 'charged' | 'not_charged', seen: number, id = 'd1'): Fact => ({
  kind: 'staff_decided',
  id,
  decision,
  actor: 'ana',
  evidence: 'Maya Manager',
  seen,
});

const approved: Outcome = { kind: 'approved', missing: [] };
const declined: Outcome = { kind: 'declined', missing: [] };
const lost: Outcome = { kind: 'lost', reason: 'timeout' };
const noBalance: Outcome = { kind: 'decline_code', code: 'PY0105' };
const refused: Outcome = { kind: 'refused', code: 'PY0044' };
const notFound: Outcome = { kind: 'not_found' };
const unauthorized: Outcome = { kind: 'unauthorized', status: 401, code: 'invalid_token' };
const limited: Outcome = { kind: 'rate_limited', retryAfterMs: 1_000 };
const notSent: Outcome = { kind: 'not_connected', reason: 'not_connected' };
const processed: Outcome = { kind: 'already_processed' };
const otherAmount: Outcome = { kind: 'mismatch', status: 'APPROVED', fields: ['amount'] };
const otherDecline: Outcome = { kind: 'mismatch', status: 'DECLINED', fields: ['amount'] };

/** A payment that was created and then executed with these answers; `null` is none. */
const executed = (...answers: (Outcome | null | [Outcome, Py0010])[]): Fact[] => [
  create(),
  created(),
  ...answers.flatMap((outcome, index) => [
    execute(index + 1),
    ...(outcome === null
      ? []
      : [Array.isArray(outcome) ? answer(index + 1, ...outcome) : answer(index + 1, outcome)]),
  ]),
];

const state = (facts: Fact[]) => {
  const { state: name, reason, asking } = reduce(number(facts));
  return [name, reason, asking];
};

describe('before any execute', () => {
  test.each<[string, Fact[], unknown[]]>([
    ['recorded only', [create()], ['creating', null, 'yes']],
    [
      'create unanswered, then again',
      [create(), created(lost as CreateOutcome), create(2)],
      ['creating', null, 'yes'],
    ],
    ['an id', [create(), created()], ['created', null, 'yes']],
    ['C14: interrupted', [create(), { kind: 'interrupted' }], ['failed', 'interrupted', 'no']],
    [
      'C14: interrupted beats an id that came',
      [create(), created(), { kind: 'interrupted' }],
      ['failed', 'interrupted', 'no'],
    ],
    [
      'C11: wrong echo',
      [create(), created({ kind: 'wrong_echo', id: ID, fields: ['amount'] })],
      ['failed', 'create_wrong_echo', 'no'],
    ],
    [
      'C15: refused',
      [create(), created({ kind: 'refused', status: 400, code: '2553' })],
      ['failed', 'create_refused', 'no'],
    ],
    [
      'C45: an id of another payment',
      [create(), created({ kind: 'id_reused', id: ID })],
      ['review', 'provider_id_reused', 'no'],
    ],
    [
      'C13: no create came through',
      [create(), { kind: 'not_started', why: 'no_create' }],
      ['failed', 'no_create', 'no'],
    ],
  ])('%s', (_name, facts, expected) => {
    expect(state(facts)).toEqual(expected);
  });

  test('the first id counts; a later one is on record only', () => {
    const facts = [create(), created(), create(2), created({ kind: 'created', id: 'another-id' }, 2)];
    expect(reduce(number(facts)).providerId).toBe(ID);
  });

  test('C14: interrupted and failures of create are void once an execute is on record', () => {
    expect(state([...executed(null), { kind: 'interrupted' }])[0]).toBe('executing');
    expect(state([...executed(null), { kind: 'not_started', why: 'too_late' }])[0]).toBe('executing');
    expect(state([...executed(approved), { kind: 'interrupted' }])[0]).toBe('approved');
  });
});

describe('what the answers to execute mean', () => {
  test.each<[string, Fact[], unknown[]]>([
    ['no answer yet', executed(null), ['executing', null, 'yes']],
    ['approved', executed(approved), ['approved', null, 'no']],
    ['C26: declined', executed(declined), ['declined', null, 'no']],
    ['C26: a decline code on the only execute', executed(noBalance), ['declined', 'PY0105', 'no']],
    ['C17: lost', executed(lost), ['executing', null, 'yes']],
    [
      'C18: unclear',
      executed({ kind: 'unclear', reason: 'no_status', status: 200 }),
      ['executing', null, 'yes'],
    ],
    [
      'C26: a decline code after a lost one is undecided',
      executed(lost, noBalance),
      ['executing', null, 'yes'],
    ],
    ['a decline code before one that was lost later', executed(noBalance, lost), ['executing', null, 'yes']],
    ['a decline code while another execute is open', executed(null, noBalance), ['executing', null, 'yes']],
    ['a decline code beside a 401', executed(unauthorized, noBalance), ['declined', 'PY0105', 'no']],
    ['a decline code beside one that never left', executed(notSent, noBalance), ['declined', 'PY0105', 'no']],
    [
      'C39: a decline code after a 429 is undecided',
      executed(limited, noBalance),
      ['executing', null, 'yes'],
    ],
    [
      'C26: three undecided answers need a person',
      executed(lost, noBalance, noBalance, noBalance),
      ['review', 'undecided', 'no'],
    ],
    [
      'undecided answers of any kind count together',
      executed(lost, noBalance, notFound, refused),
      ['review', 'undecided', 'no'],
    ],
    ['C25: not found on the only execute', executed(notFound), ['failed', 'not_found', 'no']],
    ['C25: not found after a lost one', executed(lost, notFound), ['executing', null, 'yes']],
    ['a named refusal on the only execute', executed(refused), ['failed', 'PY0044', 'no']],
    ['a named refusal after a lost one', executed(lost, refused), ['executing', null, 'yes']],
    ['B6: one 401 is answered by renewing', executed(unauthorized), ['executing', null, 'yes']],
    [
      'a second 401, nothing else sent',
      executed(unauthorized, unauthorized),
      ['failed', 'unauthorized', 'no'],
    ],
    ['a second 401 after a lost one', executed(lost, unauthorized, unauthorized), ['executing', null, 'yes']],
    ['C39: 429', executed(limited), ['executing', null, 'yes']],
    ['C16: never connected', executed(notSent), ['executing', null, 'yes']],
    [
      'C16: never connected until pay_by',
      [...executed(notSent), { kind: 'pay_by_passed', afterAttempt: 1 }],
      ['failed', 'not_connected', 'no'],
    ],
    [
      'pay_by after a lost one ends nothing',
      [...executed(lost), { kind: 'pay_by_passed', afterAttempt: 1 }],
      ['executing', null, 'yes'],
    ],
    ['C12: another amount', executed(otherAmount), ['review', 'execute_mismatch', 'no']],
    ['C12: a decline of another amount', executed(otherDecline), ['review', 'execute_mismatch', 'no']],
    [
      'C22: already processed, concluded approved',
      executed(lost, [processed, 'approved']),
      ['approved', null, 'no'],
    ],
    [
      'C22: already processed, setting review',
      executed(lost, [processed, 'review']),
      ['review', 'py0010', 'no'],
    ],
    [
      'C24: already processed without an execute',
      executed([processed, 'impossible']),
      ['review', 'py0010_without_execute', 'no'],
    ],
    [
      'already processed while another is open',
      executed(null, [processed, 'ask_again']),
      ['executing', null, 'yes'],
    ],
    [
      'C21: already processed after a decline',
      executed(declined, [processed, 'known']),
      ['declined', null, 'no'],
    ],
    [
      'C27: approved comes after already processed',
      executed(approved, [processed, 'ask_again']),
      ['approved', null, 'no'],
    ],
    [
      'B11: tokens are gone',
      [...executed(lost), { kind: 'tokens_gone', afterAttempt: 1 }],
      ['review', 'tokens_gone', 'hourly'],
    ],
    [
      'tokens came back',
      [...executed(lost, lost), { kind: 'tokens_gone', afterAttempt: 1 }],
      ['executing', null, 'yes'],
    ],
    [
      'tokens are gone, nothing was processed',
      [...executed(unauthorized), { kind: 'tokens_gone', afterAttempt: 1 }],
      ['failed', 'session_over', 'no'],
    ],
    ['a day has passed', [...executed(lost), { kind: 'time_cap' }], ['review', 'time_cap', 'hourly']],
    [
      'another payment paid',
      [...executed(lost), { kind: 'other_paid' }],
      ['review', 'other_payment_paid', 'no'],
    ],
    [
      'a person wants it asked again',
      [
        ...executed(lost, noBalance, noBalance, noBalance),
        { kind: 'staff_asked', actor: 'ana', afterAttempt: 4 },
      ],
      ['review', 'undecided', 'yes'],
    ],
    [
      'once was asked again',
      [
        ...executed(lost, noBalance, noBalance, noBalance, noBalance),
        { kind: 'staff_asked', actor: 'ana', afterAttempt: 4 },
      ],
      ['review', 'undecided', 'no'],
    ],
    [
      'nobody asks again after a mismatch',
      [...executed(otherAmount), { kind: 'staff_asked', actor: 'ana', afterAttempt: 1 }],
      ['review', 'execute_mismatch', 'no'],
    ],
  ])('%s', (_name, facts, expected) => {
    expect(state(facts)).toEqual(expected);
  });

  test('who confirmed it is known', () => {
    expect(reduce(number(executed(approved))).confirmedBy).toBe('provider');
    expect(reduce(number(executed(lost, [processed, 'approved']))).confirmedBy).toBe('PY0010');
    expect(reduce(number([...executed(lost), decided('charged', 4)])).confirmedBy).toBe('staff');
  });
});

describe('facts against facts', () => {
  test('approved and declined by Maya: approved, with an alarm', () => {
    const { state: name, alarms } = reduce(number(executed(declined, approved)));
    expect([name, alarms]).toEqual(['approved', ['contradiction']]);
  });

  test('declined by Maya against approved by PY0010: a person, with an alarm', () => {
    const { state: name, reason, alarms } = reduce(number(executed(declined, [processed, 'approved'])));
    expect([name, reason, alarms]).toEqual([
      'review',
      'contradiction',
      ['payment_in_review', 'contradiction'],
    ]);
  });

  test('a success of another amount outranks a decline', () => {
    expect(state(executed(otherAmount, declined))).toEqual(['review', 'execute_mismatch', 'no']);
  });
});

describe('a person decides', () => {
  const open = executed(lost);
  const seen = open.length;

  test.each<[string, Fact[], unknown[]]>([
    ['charged', [...open, decided('charged', seen)], ['approved', 'staff', 'no']],
    ['not charged', [...open, decided('not_charged', seen)], ['failed', 'staff', 'no']],
    [
      'a newer decision replaces an older one',
      [...open, decided('charged', seen), decided('not_charged', seen + 1, 'd2')],
      ['failed', 'staff', 'no'],
    ],
    [
      'approved by PY0010 can be undone',
      [...executed(lost, [processed, 'approved']), decided('not_charged', 6)],
      ['failed', 'staff', 'no'],
    ],
    [
      'what was seen does not contradict',
      [...executed(otherAmount), decided('not_charged', 4)],
      ['failed', 'staff', 'no'],
    ],
    [
      'a later decline contradicts "charged"',
      [...open, decided('charged', seen), answer(1, declined)],
      ['review', 'contradiction', 'no'],
    ],
    [
      'a later decline agrees with "not charged"',
      [...open, decided('not_charged', seen), answer(1, declined)],
      ['failed', 'staff', 'no'],
    ],
    [
      'a later success of another amount contradicts "not charged"',
      [...open, decided('not_charged', seen), answer(1, otherAmount)],
      ['review', 'contradiction', 'no'],
    ],
    [
      'a later lost answer says nothing',
      [...open, decided('not_charged', seen), answer(1, lost)],
      ['failed', 'staff', 'no'],
    ],
  ])('%s', (_name, facts, expected) => {
    expect(state(facts)).toEqual(expected);
  });

  test("Maya's own APPROVED beats a decision, with an alarm", () => {
    const late = [...executed(null), decided('not_charged', 3), answer(1, approved)];
    const { state: name, alarms } = reduce(number(late));
    expect([name, alarms]).toEqual(['approved', ['contradiction']]);
  });
});

const anyOutcome = fc.constantFrom<Outcome | [Outcome, Py0010] | null>(
  null,
  approved,
  declined,
  lost,
  noBalance,
  refused,
  notFound,
  unauthorized,
  limited,
  notSent,
  otherAmount,
  otherDecline,
  [processed, 'approved'],
  [processed, 'review'],
  [processed, 'ask_again'],
  [processed, 'impossible'],
  [processed, 'known'],
);
const anyExtra = fc.subarray<Fact>([
  { kind: 'interrupted' },
  { kind: 'not_started', why: 'too_late' },
  { kind: 'pay_by_passed', afterAttempt: 2 },
  { kind: 'tokens_gone', afterAttempt: 1 },
  { kind: 'time_cap' },
  { kind: 'other_paid' },
  decided('charged', 3),
  decided('not_charged', 5, 'd2'),
]);
const anyHistory = fc
  .tuple(fc.array(anyOutcome, { maxLength: 4 }), anyExtra)
  .map(([outcomes, extra]) => number([...executed(...outcomes), ...extra]));

describe('of any set of facts', () => {
  test('C27: their order does not matter', () => {
    fc.assert(
      fc.property(
        anyHistory.chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
          ),
        ),
        ([events, shuffled]) => {
          expect(reduce(shuffled)).toEqual(reduce(events));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test("Maya's APPROVED of our id and money is never lost", () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const says = events.some(
          ({ fact }) => fact.kind === 'execute_answer' && fact.outcome.kind === 'approved',
        );
        if (says) expect(reduce(events).state).toBe('approved');
      }),
      { numRuns: 3_000 },
    );
  });

  test('failed or declined by machine only where no execute can have charged, but for Maya saying DECLINED', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const { state: name, staffDecided } = reduce(events);
        if (staffDecided || (name !== 'failed' && name !== 'declined')) return;
        const outcomes = events.flatMap(({ fact }) =>
          fact.kind === 'execute_answer' ? [fact.outcome.kind] : [],
        );
        const attempts = events.filter(({ fact }) => fact.kind === 'execute_attempt').length;
        if (outcomes.includes('declined')) return;
        expect(outcomes).toHaveLength(attempts);
        for (const risky of ['lost', 'unclear', 'rate_limited', 'already_processed', 'approved', 'mismatch'])
          expect(outcomes).not.toContain(risky);
      }),
      { numRuns: 3_000 },
    );
  });

  test('no decision of a person is followed by another execute, and nothing final is asked about', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const { asking, staffDecided, state: name } = reduce(events);
        if (staffDecided || ['approved', 'declined', 'failed'].includes(name)) expect(asking).toBe('no');
      }),
      { numRuns: 3_000 },
    );
  });

  test('every review raises an alarm', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const { state: name, alarms } = reduce(events);
        if (name === 'review') expect(alarms).toContain('payment_in_review');
      }),
      { numRuns: 3_000 },
    );
  });
});
