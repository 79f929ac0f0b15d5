import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { permutations } from '#e2e/rig/permutations.ts';
import type { Fact, FactOf, PaymentEvent } from './facts.ts';
import { reduce } from './reduce.ts';

/** An answer to an execute, or none. */
type Answer = Pick<FactOf<'execute_answer'>, 'outcome' | 'py0010'> | null;
type Concluded = NonNullable<FactOf<'execute_answer'>['py0010']>['concluded'];

const REFERENCE = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const processed = (concluded: Concluded): Answer => ({
  outcome: { kind: 'already_processed' },
  py0010: { setting: 'approved', concluded },
});

/** Everything that Maya, or the lack of it, can say to an execute. */
const ANSWERS: readonly Answer[] = [
  null,
  { outcome: { kind: 'approved', missing: [] } },
  { outcome: { kind: 'declined', missing: [] } },
  { outcome: { kind: 'lost', reason: 'timeout' } },
  { outcome: { kind: 'unclear', reason: 'status', status: 500 } },
  { outcome: { kind: 'decline_code', code: 'PY0105' } },
  { outcome: { kind: 'refused', code: 'PY0044' } },
  { outcome: { kind: 'not_found' } },
  { outcome: { kind: 'unauthorized', status: 401, code: 'invalid_token' } },
  { outcome: { kind: 'rate_limited', retryAfterMs: 1_000 } },
  { outcome: { kind: 'not_connected', reason: 'not_connected' } },
  { outcome: { kind: 'mismatch', status: 'APPROVED', fields: ['amount'] } },
  { outcome: { kind: 'mismatch', status: 'DECLINED', fields: ['amount'] } },
  ...(['approved', 'review', 'ask_again', 'impossible', 'known'] as const).map(processed),
];

const number = (facts: readonly Fact[]): PaymentEvent[] =>
  facts.map((fact, index) => ({ number: index + 1, recordedAtMs: 0, recordedBy: 'test', fact }));

/** A created payment whose executes were answered so. */
const executed = (answers: readonly Answer[], more: readonly Fact[] = []): PaymentEvent[] =>
  number([
    { kind: 'create_attempt', attempt: 1, reference: REFERENCE },
    { kind: 'create_answer', attempt: 1, outcome: { kind: 'created', id: 'an-id' } },
    ...answers.flatMap((answer, index): Fact[] => {
      const attempt = index + 1;
      const sent: Fact = {
        kind: 'execute_attempt',
        attempt,
        reference: REFERENCE,
        lease: `lease ${attempt}`,
        session: 'session',
        generation: 0,
      };
      return answer === null ? [sent] : [sent, { kind: 'execute_answer', attempt, ...answer }];
    }),
    ...more,
  ]);

function* tuples(length: number): Generator<Answer[]> {
  if (length === 0) yield [];
  else for (const rest of tuples(length - 1)) for (const answer of ANSWERS) yield [...rest, answer];
}

const said = (answers: readonly Answer[]) => answers.map((answer) => answer?.outcome.kind ?? 'none');
const HARMLESS = ['unauthorized', 'not_connected'];
const CODES = ['decline_code', 'refused', 'not_found'];

/** Every answer to up to three executes: what must hold is said here a second time, without the reducer's words. */
describe('of each set of answers to up to three executes', { timeout: 60_000 }, () => {
  const all = [0, 1, 2, 3].flatMap((length) => [...tuples(length)]);

  test('there are so many', () => {
    expect(all).toHaveLength(1 + 18 + 18 ** 2 + 18 ** 3);
  });

  test('an APPROVED of Maya is approved, and nothing but it and PY0010 is', () => {
    for (const answers of all) {
      const { state, confirmedBy } = reduce(executed(answers));
      const heard = said(answers).includes('approved');
      const believed = answers.some((answer) => answer?.py0010?.concluded === 'approved');
      if (heard) expect([state, confirmedBy], String(said(answers))).toEqual(['approved', 'provider']);
      else if (state === 'approved') expect(believed, String(said(answers))).toBe(true);
    }
  });

  test('without a DECLINED of Maya it is final as not charged only where no other execute can have charged', () => {
    let final = 0;
    for (const answers of all) {
      const kinds = said(answers);
      const { state } = reduce(executed(answers));
      if (!['declined', 'failed'].includes(state) || kinds.includes('declined')) continue;
      final += 1;
      const dangerous = kinds.filter((kind) => !HARMLESS.includes(kind));
      expect(dangerous.length, String(kinds)).toBeLessThanOrEqual(1);
      for (const kind of dangerous) expect(CODES, String(kinds)).toContain(kind);
    }
    expect(final).toBeGreaterThan(20);
  });

  test('one more execute without an answer never makes it final as not charged', () => {
    for (const answers of all.filter(({ length }) => length < 3)) {
      if (said(answers).includes('declined')) continue;
      const { state } = reduce(executed([...answers, null]));
      expect(['declined', 'failed'], String(said(answers))).not.toContain(state);
    }
  });

  test('nothing that came before the first execute weighs any more', () => {
    const before: Fact[] = [{ kind: 'interrupted' }, { kind: 'not_started', why: 'too_late' }];
    for (const answers of all.filter(({ length }) => length > 0))
      expect(reduce(number([...before, ...executed(answers).map(({ fact }) => fact)]))).toEqual(
        reduce(executed(answers)),
      );
  });

  test('a decision of staff yields to an APPROVED only, or to what contradicts it later', () => {
    for (const answers of all) {
      const seen = executed(answers);
      for (const decision of ['charged', 'not_charged'] as const) {
        const fact: Fact = {
          kind: 'staff_decided',
          id: 'd1',
          decision,
          actor: 'ana',
          evidence: 'Maya Manager',
          seen: seen.length,
        };
        const { state, asking } = reduce(executed(answers, [fact]));
        expect(asking).toBe('no');
        if (said(answers).includes('approved')) expect(state).toBe('approved');
        else expect(state).toBe(decision === 'charged' ? 'approved' : 'failed');
      }
    }
  });
});

describe('C27: neither order nor repetition matters', { timeout: 60_000 }, () => {
  test('of each set of answers to two executes, in each order of its facts', () => {
    for (const answers of tuples(2)) {
      const events = executed(answers);
      const meant = JSON.stringify(reduce(events));
      for (const shuffled of permutations(events))
        if (JSON.stringify(reduce(shuffled)) !== meant)
          expect(reduce(shuffled), String(said(answers))).toEqual(reduce(events));
    }
  });

  const extras: Fact[] = [
    { kind: 'interrupted' },
    { kind: 'not_started', why: 'too_late' },
    { kind: 'pay_by_passed', afterAttempt: 1 },
    { kind: 'pay_by_passed', afterAttempt: 4 },
    { kind: 'tokens_gone', afterAttempt: 2 },
    { kind: 'time_cap' },
    { kind: 'other_paid' },
    { kind: 'staff_asked', actor: 'ana', afterAttempt: 3 },
    ...(['charged', 'not_charged'] as const).map(
      (decision, index): Fact => ({
        kind: 'staff_decided',
        id: `d${index}`,
        decision,
        actor: 'ana',
        evidence: 'Maya Manager',
        seen: 4 + 3 * index,
      }),
    ),
  ];
  const history = fc
    .tuple(fc.array(fc.constantFrom(...ANSWERS), { maxLength: 8 }), fc.subarray(extras))
    .map(([answers, more]) => executed(answers, more));

  test('of longer histories, in any order, with any of their facts twice', () => {
    fc.assert(
      fc.property(
        history.chain((events) =>
          fc.tuple(
            fc.constant(events),
            fc
              .subarray(events)
              .chain((again) =>
                fc.shuffledSubarray([...events, ...again], { minLength: events.length + again.length }),
              ),
          ),
        ),
        ([events, delivered]) => {
          expect(reduce(delivered)).toEqual(reduce(events));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('D17: nor does the clock by which they were recorded', () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (events, times) => {
        const retimed = events.map((event, index) => ({ ...event, recordedAtMs: times[index] ?? 0 }));
        expect(reduce(retimed)).toEqual(reduce(events));
      }),
      { numRuns: 500 },
    );
  });
});
