import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact, FactOf, PayoutEvent, Said } from './facts.ts';
import { reduce } from './reduce.ts';

type Outcome = FactOf<'answer'>['outcome'];

const number = (facts: readonly Fact[]): PayoutEvent[] =>
  facts.map((fact, index) => ({ number: index + 1, recordedAtMs: 0, recordedBy: 'test', fact }));
const attempt = (count = 1): Fact => ({ kind: 'attempt', attempt: count });
const answer = (outcome: Outcome, count = 1): Fact => ({ kind: 'answer', attempt: count, outcome });
const refused = (
  code: string,
  meaning: Extract<Outcome, { kind: 'refused' }>['meaning'] = 'declined',
): Outcome => ({ kind: 'refused', status: 400, code, meaning });
const accepted: Outcome = { kind: 'accepted', requestId: 'r' };
const lost: Outcome = { kind: 'lost', reason: 'timeout' };
const notConnected: Outcome = { kind: 'not_connected', reason: 'not_connected' };
const say = (
  kind: 'callback_said' | 'status_said',
  reading: Said['reading'],
  changes: Partial<Said> = {},
): Fact => ({
  kind,
  said: {
    status: reading === 'pending' ? 'processing' : reading,
    reading,
    differs: [],
    amount: 100,
    currency: 'PHP',
    operation: '1',
    operationStatus: null,
    code: null,
    succeeded: [],
    ...changes,
  },
});
const ambiguous = (digest: string): Fact =>
  say('callback_said', 'pending', {
    status: 'ambiguous',
    amount: null,
    currency: null,
    operation: null,
    ambiguous: digest,
  });
const settled = (digest: string, answered = true): Fact => ({ kind: 'ambiguity_settled', digest, answered });
const notFound = (late: boolean, afterAttempt = 1): Fact => ({ kind: 'not_found', afterAttempt, late });
const decided = (decision: 'paid' | 'not_paid', seen: number): Fact => ({
  kind: 'staff_decided',
  id: 'd',
  decision,
  actor: 'ana',
  evidence: 'Dashboard',
  seen,
});
const shown = (...facts: Fact[]) => {
  const { state, reason, stops, asking } = reduce(number(facts));
  return [reason === null ? state : `${state} ${reason}`, stops, asking];
};

test.each<[string, Fact[], unknown[]]>([
  ['nothing', [], ['ready', null, 'no']],
  ['recorded', [attempt()], ['unknown', null, 'yes']],
  ['never left', [attempt(), answer(notConnected)], ['ready not_connected', 'not_connected', 'no']],
  ['lost', [attempt(), answer(lost)], ['unknown', null, 'yes']],
  ['taken', [attempt(), answer(accepted)], ['processing', null, 'yes']],
  ['taken before', [attempt(), answer({ kind: 'duplicate' })], ['processing', null, 'yes']],
  ['exported', [{ kind: 'exported', actor: 'ana', copy: 1 }], ['unknown exported', null, 'yes']],
  ['refused', [attempt(), answer(refused('2606'))], ['failed 2606', null, 'no']],
  ['no balance', [attempt(), answer(refused('3028', 'configuration'))], ['held balance', 'balance', 'no']],
  ['duplicate', [attempt(), answer(refused('3613'))], ['held duplicate', null, 'no']],
  ['over the limit', [attempt(), answer(refused('2642', 'configuration'))], ['failed 2642', null, 'no']],
  ['wrong secret', [attempt(), answer(refused('3261', 'our_fault'))], ['held 3261', 'configuration', 'no']],
  [
    'held, and sent again',
    [attempt(), answer(refused('3028', 'configuration')), attempt(2)],
    ['unknown', null, 'yes'],
  ],
  [
    'lost, and the repeat refused',
    [attempt(), answer(lost), attempt(2), answer(refused('2606'), 2)],
    ['unknown', null, 'yes'],
  ],
  [
    'lost, the repeat refused, and not to be found',
    [attempt(), answer(lost), attempt(2), answer(refused('2606'), 2), notFound(true, 2)],
    ['review refused_on_repeat', null, 'hourly'],
  ],
  ['lost, and not to be found', [attempt(), answer(lost), notFound(true)], ['unknown', null, 'yes']],
  [
    'lost three times, and not to be found',
    [1, 2, 3].flatMap((count) => [attempt(count), answer(lost, count)]).concat(notFound(true, 3)),
    ['review not_found', null, 'hourly'],
  ],
  [
    'lost three times, and not to be found after the second',
    [1, 2, 3].flatMap((count) => [attempt(count), answer(lost, count)]).concat(notFound(true, 2)),
    ['unknown', null, 'yes'],
  ],
  [
    'three times nobody knows, for the process died, and not to be found',
    [attempt(1), attempt(2), attempt(3), notFound(true, 3)],
    ['review not_found', null, 'hourly'],
  ],
  [
    'lost three times, not to be found, and then ECommPay has it',
    [attempt(1), attempt(2), attempt(3), notFound(true, 3), say('status_said', 'pending')],
    ['processing', null, 'yes'],
  ],
  ['an error by callback', [attempt(), say('callback_said', 'error')], ['processing', null, 'yes']],
  ['an error by status', [attempt(), say('status_said', 'error')], ['failed error', null, 'no']],
  [
    'declined for balance',
    [attempt(), say('callback_said', 'decline', { code: '3028' })],
    ['declined 3028', 'balance', 'no'],
  ],
  [
    'lost, and the repeat refused by callback',
    [
      attempt(),
      answer(lost),
      attempt(2),
      answer(accepted, 2),
      say('callback_said', 'decline', { code: '3613' }),
    ],
    ['processing', null, 'yes'],
  ],
  [
    'lost, the repeat refused by callback, and declined as ECommPay answers',
    [
      attempt(),
      answer(lost),
      attempt(2),
      answer(accepted, 2),
      say('callback_said', 'decline', { code: '3613' }),
      say('status_said', 'decline', { code: '3613' }),
    ],
    ['declined 3613', null, 'no'],
  ],
  [
    'lost, and the repeat declined for its recipient',
    [
      attempt(),
      answer(lost),
      attempt(2),
      answer(accepted, 2),
      say('callback_said', 'decline', { code: '20102' }),
    ],
    ['declined 20102', null, 'no'],
  ],
  ['capped', [attempt(), { kind: 'time_cap' }], ['review time_cap', null, 'hourly']],
  [
    'capped, and success',
    [attempt(), { kind: 'time_cap' }, say('status_said', 'success')],
    ['paid', null, 'no'],
  ],
  ['withdrawn', [decided('not_paid', 0)], ['failed staff', null, 'no']],
  [
    'decided, then success',
    [attempt(), decided('not_paid', 1), say('callback_said', 'success')],
    ['paid', null, 'no'],
  ],
  ['ambiguous, under way', [attempt(), ambiguous('1')], ['processing', null, 'yes']],
  [
    'ambiguous, declined',
    [attempt(), say('callback_said', 'decline', { code: '20102' }), ambiguous('1')],
    ['declined 20102', null, 'to_be_sure'],
  ],
  [
    'ambiguous, declined, and answered',
    [attempt(), say('callback_said', 'decline', { code: '20102' }), ambiguous('1'), settled('1')],
    ['declined 20102', null, 'no'],
  ],
  [
    'ambiguous, and decided',
    [attempt(), decided('not_paid', 1), ambiguous('1')],
    ['failed staff', null, 'to_be_sure'],
  ],
  [
    'decided, then decline',
    [attempt(), decided('paid', 1), say('callback_said', 'decline')],
    ['review contradiction', null, 'no'],
  ],
])('%s', (_name, facts, expected) => expect(shown(...facts)).toEqual(expected));

test.each<[string, Fact[], string[]]>([
  [
    'paid, and reversed',
    [say('callback_said', 'success'), say('callback_said', 'unexpected')],
    ['unexpected_status'],
  ],
  [
    'paid, and of another sum too',
    [say('callback_said', 'success'), say('status_said', 'success', { differs: ['amount'] })],
    ['money_differs'],
  ],
  [
    'paid, and declined',
    [say('callback_said', 'success'), say('callback_said', 'decline')],
    ['contradiction'],
  ],
  [
    'paid by a person, and of another sum',
    [decided('paid', 1), say('callback_said', 'success', { differs: ['amount'] })],
    ['money_differs'],
  ],
  [
    'paid, and nobody answered whether that stands',
    [say('callback_said', 'success'), ambiguous('1'), settled('1', false)],
    ['status_unanswered'],
  ],
])('%s: an alarm, whichever was first', (_name, said, expected) => {
  for (const order of [said, [...said].reverse()]) {
    const { state, alarms } = reduce(number([attempt(), ...order]));
    expect([state, alarms]).toEqual(['paid', expected]);
  }
});

const anyOutcome = fc.constantFrom<Outcome>(
  accepted,
  lost,
  notConnected,
  { kind: 'duplicate' },
  { kind: 'unclear', reason: 'code', status: 400, code: '314' },
  refused('3041'),
  refused('3613'),
  refused('504', 'configuration'),
  refused('3104'),
  refused('2642', 'configuration'),
  refused('3261', 'our_fault'),
);
const anyFact = fc.oneof(
  fc.integer({ min: 1, max: 3 }).map(attempt),
  fc.tuple(anyOutcome, fc.integer({ min: 1, max: 3 })).map(([outcome, count]) => answer(outcome, count)),
  fc
    .tuple(
      fc.constantFrom('callback_said' as const, 'status_said' as const),
      fc.constantFrom<Said['reading']>('success', 'decline', 'error', 'expired', 'unexpected', 'pending'),
      fc.constantFrom<Said['differs']>([], ['amount']),
      fc.constantFrom('3613', '504', '3104', '20102', null),
    )
    .map(([kind, reading, differs, code]) => say(kind, reading, { differs, code })),
  fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3 })).map(([late, after]) => notFound(late, after)),
  fc.constantFrom<Fact>({ kind: 'time_cap' }, { kind: 'exported', actor: 'ana', copy: 1 }),
  fc.constantFrom(ambiguous('1'), ambiguous('2'), settled('1'), settled('2', false)),
);
const facts = fc.uniqueArray(anyFact, { maxLength: 9, selector: (fact) => JSON.stringify(fact) });

describe('whatever the facts', () => {
  test('E3: their order does not matter', () => {
    const shuffled = facts.chain((set) =>
      fc.tuple(fc.constant(set), fc.shuffledSubarray(set, { minLength: set.length })),
    );
    fc.assert(
      fc.property(shuffled, ([set, other]) => {
        const unique = (list: Fact[]) => {
          // One answer a request, as the store has it.
          const first = new Map<number, Fact>();
          for (const fact of set)
            if (fact.kind === 'answer' && !first.has(fact.attempt)) first.set(fact.attempt, fact);
          return list.filter((fact) => fact.kind !== 'answer' || first.get(fact.attempt) === fact);
        };
        expect(reduce(number(unique(other)))).toEqual(reduce(number(unique(set))));
      }),
    );
  });

  test('E3: hearing of them twice does not matter', () => {
    fc.assert(
      fc.property(facts, (set) => {
        expect(reduce(number([...set, ...set]))).toEqual(reduce(number(set)));
      }),
    );
  });

  test('paid only by a success that is ours, and always then', () => {
    fc.assert(
      fc.property(facts, (set) => {
        const success = set.some(
          (fact) => 'said' in fact && fact.said.reading === 'success' && fact.said.differs.length === 0,
        );
        expect(reduce(number(set)).state === 'paid').toBe(success);
      }),
    );
  });

  test('E13: after a request that may have arrived, no refusal of another one ends it or lets it be sent afresh', () => {
    fc.assert(
      fc.property(facts, anyOutcome, (set, outcome) => {
        const open = set.filter(
          (fact) => fact.kind !== 'answer' && fact.kind !== 'attempt' && !('said' in fact),
        );
        const all = [...open, attempt(1), answer(lost, 1), attempt(2), answer(outcome, 2)];
        expect(['unknown', 'processing', 'review']).toContain(reduce(number(all)).state);
      }),
    );
  });
});
