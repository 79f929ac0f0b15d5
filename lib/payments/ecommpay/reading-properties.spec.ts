import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openAmbiguities } from '../../ecommpay/ambiguous.ts';
import type { Fact, PaymentEvent } from '../facts.ts';
import { reduce } from '../reduce.ts';
import type { Said } from './facts.ts';
import {
  accepted,
  ambiguous,
  answer,
  callback,
  decided,
  duplicate,
  lost,
  notFound,
  notSent,
  number,
  type Outcome,
  page,
  redirect,
  refused,
  sale,
  settled,
  status,
  unclear,
} from './spec-helpers.ts';

const reading = fc.constantFrom<Said['reading']>(
  'success',
  'decline',
  'error',
  'expired',
  'unexpected',
  'pending',
);
const differs = fc.constantFrom<Said['differs']>([], [], ['amount'], ['project', 'type']);
const anySaid = fc
  .record({
    via: fc.constantFrom(callback, status),
    reading,
    differs,
    code: fc.constantFrom('0', '20101', null),
  })
  .map(({ via, reading: one, ...changes }) => via(one, changes));
const anyAnswer = fc.constantFrom<Outcome | null>(
  null,
  accepted,
  duplicate,
  lost,
  unclear,
  notSent,
  refused('100', 'declined'),
  refused('2442', 'configuration'),
);
const anyStart = fc.oneof(
  fc.constant([page]),
  fc
    .array(anyAnswer, { minLength: 1, maxLength: 3 })
    .map((answers) =>
      answers.flatMap((outcome, index) => [
        sale(index + 1),
        ...(outcome ? [answer(outcome, index + 1)] : []),
      ]),
    ),
);
const anyExtra = fc.subarray<Fact>([
  notFound(false),
  notFound(true),
  notFound(true, 2),
  redirect,
  { kind: 'time_cap' },
  { kind: 'pay_by_passed', afterAttempt: 1 },
  decided('charged', 2),
  decided('not_charged', 3),
  ambiguous('1'),
  ambiguous('2'),
  settled('1'),
  settled('2', false),
]);
const anyHistory = fc
  .tuple(anyStart, fc.array(anySaid, { maxLength: 5 }), anyExtra)
  .map(([start, said, extra]) => number([...start, ...said, ...extra]));

describe('of any set of facts', () => {
  test('E3: their order does not matter', () => {
    const pair = anyHistory.chain((events) =>
      fc.tuple(
        fc.constant(events),
        fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length }),
      ),
    );
    fc.assert(
      fc.property(pair, ([events, shuffled]) => {
        expect(reduce(shuffled)).toEqual(reduce(events));
      }),
      { numRuns: 3_000 },
    );
  });

  const saidIn = (events: PaymentEvent[]) =>
    events.flatMap(({ fact }) => ('said' in fact ? [fact.said] : []));

  test('a success of our money is never lost, and nothing else is one', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const isPaid = saidIn(events).some((said) => said.reading === 'success' && said.differs.length === 0);
        const { state, confirmedBy } = reduce(events);
        if (isPaid) expect([state, confirmedBy]).toEqual(['approved', 'provider']);
        else if (state === 'approved') expect(confirmedBy).toBe('staff');
      }),
      { numRuns: 3_000 },
    );
  });

  test('without a person it fails only where ECommPay says so, or never had it', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const { state, staffDecided } = reduce(events);
        if (staffDecided || (state !== 'failed' && state !== 'declined')) return;
        const ended = saidIn(events).some(
          (said) => ['decline', 'error', 'expired'].includes(said.reading) && said.differs.length === 0,
        );
        const last = Math.max(...events.map(({ fact }) => ('attempt' in fact ? fact.attempt : 0)));
        const late = events.some(
          ({ fact }) => fact.kind === 'status_not_found' && fact.late && fact.afterAttempt >= last,
        );
        const harmless =
          events.every(({ fact }) => fact.kind !== 'page_handed') &&
          events.filter(({ fact }) => fact.kind === 'sale_attempt').length ===
            events.filter(
              ({ fact }) =>
                fact.kind === 'sale_answer' && ['refused', 'not_connected'].includes(fact.outcome.kind),
            ).length;
        expect(ended || late || harmless).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  test('every review raises an alarm, and nothing final is asked about but to be sure', () => {
    fc.assert(
      fc.property(anyHistory, (events) => {
        const { state, asking, alarms: raised } = reduce(events);
        if (state === 'review') expect(raised).toContain('payment_in_review');
        const open = openAmbiguities(events).length > 0;
        if (['approved', 'declined', 'failed'].includes(state))
          expect(asking).toBe(open ? 'to_be_sure' : 'no');
        else if (open) expect(asking).not.toBe('no');
      }),
      { numRuns: 3_000 },
    );
  });
});
