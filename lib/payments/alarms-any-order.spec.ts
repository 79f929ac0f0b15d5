import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Said } from './ecommpay/facts.ts';
import {
  accepted,
  answer,
  callback,
  lost,
  notFound,
  notSent,
  otherSum,
  page,
  refused,
  sale,
  type say,
  status,
} from './ecommpay/spec-helpers.ts';
import { type Fact, factKey, type PaymentEvent } from './facts.ts';
import { reduce } from './reduce.ts';
import { createdAs, executeAnswer, executeAttempt } from './spec-helpers.ts';

/**
 * What is stored, and which alarms stand, after facts came one after the other, some of them more than once: as
 * `append.ts` does it.
 */
function lived(batches: readonly (readonly Fact[])[]) {
  const events: PaymentEvent[] = [];
  const open = new Set<string>();
  for (const [index, batch] of batches.entries()) {
    for (const fact of batch) {
      // A person has seen what came in the batches before.
      const known = fact.kind === 'staff_decided' ? { ...fact, seen: events.length } : fact;
      if (events.some((event) => factKey(event.fact) === factKey(known))) continue;
      const before = reduce(events);
      events.push({ number: events.length + 1, recordedAtMs: index, recordedBy: 'test', fact: known });
      const after = reduce(events);
      for (const kind of after.alarms) if (!before.alarms.includes(kind)) open.add(kind);
      if (before.state === 'review' && after.state !== 'review') open.delete('payment_in_review');
    }
  }
  const { alarms: _alarms, ...conclusion } = reduce(events);
  return { conclusion, alarms: [...open].sort() };
}

/** Two lives with the same facts: sent first, then each batch in any order, with repetitions. */
const twoLives = (sent: fc.Arbitrary<Fact[]>, later: fc.Arbitrary<Fact>) =>
  fc
    .record({
      sent,
      before: fc.array(later, { maxLength: 4 }),
      decision: fc.constantFrom<Fact[]>([], [], [decided('charged')], [decided('not_charged')]),
      after: fc.array(later, { maxLength: 4 }),
    })
    .chain(({ sent: first, before, decision, after }) => {
      const shuffled = (facts: Fact[]) =>
        fc
          .tuple(shuffle(facts), fc.subarray(facts))
          .chain(([all, again]) => fc.tuple(fc.constant(all), shuffle(again)))
          .map(([all, again]) => [...all, ...again]);
      // Whatever a person saw before is the same in both lives: only one of the answers to an attempt counts.
      const [seen, unseen] = firstOfEach(before, after);
      const life = fc
        .tuple(shuffled(seen), shuffled(unseen))
        .map(([one, two]) => (decision.length > 0 ? [first, one, decision, two] : [first, [...one, ...two]]));
      return fc.tuple(life, life);
    });

const shuffle = (facts: Fact[]) =>
  fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length });

function firstOfEach(before: Fact[], after: Fact[]): [Fact[], Fact[]] {
  const keys = new Set<string>();
  const fresh = (fact: Fact) => !keys.has(factKey(fact)) && keys.add(factKey(fact));
  return [before.filter(fresh), after.filter(fresh)];
}

const decided = (decision: 'charged' | 'not_charged'): Fact => ({
  kind: 'staff_decided',
  id: 'd1',
  decision,
  actor: 'ana',
  evidence: 'Dashboard',
  seen: 0,
});

const anySaid: fc.Arbitrary<Fact> = fc
  .record({
    via: fc.constantFrom(callback, status),
    reading: fc.constantFrom<Said['reading']>(
      'success',
      'success',
      'decline',
      'error',
      'expired',
      'unexpected',
      'pending',
    ),
    changes: fc.constantFrom<Parameters<typeof say>[1]>(
      {},
      {},
      { succeeded: ['590'] },
      { succeeded: ['590', '591'] },
      otherSum,
      { differs: ['project'] },
    ),
  })
  .map(({ via, reading, changes }) => via(reading, changes));

const anyAnswer = fc
  .record({
    outcome: fc.constantFrom(
      accepted,
      lost,
      notSent,
      refused('100', 'declined'),
      refused('2442', 'configuration'),
    ),
    attempt: fc.constantFrom(1, 2),
  })
  .map(({ outcome, attempt }) => answer(outcome, attempt));

const same = ([one, other]: [Fact[][], Fact[][]]) => {
  expect(lived(other)).toEqual(lived(one));
};

describe('E3: the same facts in any order, some of them repeated, give one state and the same alarms', () => {
  test('on the Payment Page', () => {
    const later = fc.oneof(anySaid, fc.constantFrom<Fact>(notFound(true), { kind: 'time_cap' }));
    fc.assert(fc.property(twoLives(fc.constant([page]), later), same), { numRuns: 3_000 });
  });

  test('of a Gate sale', () => {
    const sent = fc.constant<Fact[]>([sale(), sale(2)]);
    const later = fc.oneof(
      anySaid,
      anyAnswer,
      fc.constantFrom<Fact>(notFound(true, 1), notFound(true, 2), { kind: 'time_cap' }),
    );
    fc.assert(fc.property(twoLives(sent, later), same), { numRuns: 3_000 });
  });

  test('of executes at Maya', () => {
    const sent = fc.constant<Fact[]>([...createdAs('an-id'), ...[1, 2, 3].map(executeAttempt)]);
    const outcome = fc.constantFrom<Parameters<typeof executeAnswer>[1]>(
      { kind: 'approved', missing: [] },
      { kind: 'declined', missing: [] },
      { kind: 'mismatch', status: 'APPROVED', fields: ['amount'] },
      { kind: 'mismatch', status: 'DECLINED', fields: ['id'] },
      { kind: 'decline_code', code: 'PY0105' },
      { kind: 'lost', reason: 'timeout' },
      { kind: 'unauthorized', status: 401 },
    );
    const processed = fc.constantFrom('approved', 'review', 'impossible', 'ask_again' as const);
    const later: fc.Arbitrary<Fact> = fc.oneof(
      fc
        .record({ attempt: fc.constantFrom(1, 2, 3), outcome })
        .map(({ attempt, outcome: one }) => executeAnswer(attempt, one)),
      fc.record({ attempt: fc.constantFrom(1, 2, 3), concluded: processed }).map(
        ({ attempt, concluded }): Fact => ({
          kind: 'execute_answer',
          attempt,
          outcome: { kind: 'already_processed' },
          py0010: { setting: 'approved', concluded: concluded as 'approved' },
        }),
      ),
      fc.constantFrom<Fact>({ kind: 'time_cap' }, { kind: 'other_paid' }),
    );
    fc.assert(fc.property(twoLives(sent, later), same), { numRuns: 3_000 });
  });

  test('a differing sum and a right success: the success counts, and both are told', () => {
    const right = callback('success');
    const other = callback('success', otherSum);
    for (const facts of [
      [page, right, other],
      [page, other, right],
      [page, other, right, other],
    ]) {
      const { conclusion, alarms } = lived([facts]);
      expect([conclusion.state, alarms]).toEqual(['approved', ['money_differs']]);
    }
  });
});
