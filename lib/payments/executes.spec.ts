import { expect, test } from 'vitest';
import { executesOf, isUnanswered } from './executes.ts';
import { type ExecuteOutcome, executeAnswer, executedWith, recorded } from './spec-helpers.ts';

test('who sent an execute, and with whose tokens, is known by attempt, in whatever order the facts are read', () => {
  const lost: ExecuteOutcome = { kind: 'lost', reason: 'timeout' };
  const events = recorded(executedWith(lost, null)).map((event) => ({
    ...event,
    recordedAtMs: event.number,
  }));
  const expected = [
    {
      attempt: 1,
      recordedAtMs: 3,
      lease: 'lease 1',
      session: 'session',
      generation: 1,
      answer: executeAnswer(1, lost),
      answeredAtMs: 4,
    },
    {
      attempt: 2,
      recordedAtMs: 5,
      lease: 'lease 2',
      session: 'session',
      generation: 2,
      answer: undefined,
      answeredAtMs: undefined,
    },
  ];
  expect(executesOf(events)).toEqual(expected);
  expect(executesOf([...events].reverse())).toEqual(executesOf(events));
});

test.each<[ExecuteOutcome | null, boolean]>([
  [null, true],
  [{ kind: 'lost', reason: 'timeout' }, true],
  [{ kind: 'unclear', reason: 'status', status: 500 }, true],
  [{ kind: 'approved', missing: [] }, false],
  [{ kind: 'declined', missing: [] }, false],
  [{ kind: 'already_processed' }, false],
  [{ kind: 'rate_limited', retryAfterMs: 1 }, false],
  [{ kind: 'unauthorized', status: 401 }, false],
  [{ kind: 'not_connected', reason: 'x' }, false],
  [{ kind: 'decline_code', code: 'PY0105' }, false],
  [{ kind: 'not_found' }, false],
])('C17: an execute with the answer %j is unanswered: %s', (outcome, unanswered) => {
  const [execute] = executesOf(recorded(executedWith(outcome)));
  expect(execute && isUnanswered(execute)).toBe(unanswered);
});
