import { describe, expect, test } from 'vitest';
import type { PaymentEvent } from './facts.ts';
import { type ExecuteOutcome, executeAnswer, executeAttempt, recorded } from './spec-helpers.ts';
import { mayDecideFromMs } from './staff.ts';
import { pauseMs, SEND_WITHIN_MS, WORKS_ON_MS } from './timing.ts';

const LOST: ExecuteOutcome = { kind: 'lost', reason: 'connection' };
const LIMIT_MS = 60_000;

/** An execute that was recorded at one moment and answered, or found to be lost, at another. */
function execute(attempt: number, recordedAtMs: number, answer?: [ExecuteOutcome, number]): PaymentEvent[] {
  const at = (atMs: number, [event]: PaymentEvent[]) => (event ? [{ ...event, recordedAtMs: atMs }] : []);
  return [
    ...at(recordedAtMs, recorded([executeAttempt(attempt)])),
    ...(answer ? at(answer[1], recorded([executeAnswer(attempt, answer[0])])) : []),
  ];
}

describe('C17: nobody calls a payment not charged while Maya may work on one of its executes', () => {
  test('which it may for a while after the connection broke, however long ago the execute was recorded', () => {
    const events = execute(1, 0, [LOST, 100_000]);
    expect(mayDecideFromMs(events, LIMIT_MS, 'not_charged')).toBe(100_000 + WORKS_ON_MS);
    expect(mayDecideFromMs(events, LIMIT_MS, 'charged')).toBe(0);
  });

  test.each<[string, ExecuteOutcome, number | null]>([
    ['an answer without a meaning', { kind: 'unclear', reason: 'status', status: 504 }, 30_000],
    ['a refusal', { kind: 'unauthorized', status: 401 }, null],
    ['a decline', { kind: 'declined', missing: [] }, null],
  ])('%s: %j', (_name, outcome, worksOnMs) => {
    const from = mayDecideFromMs(execute(1, 0, [outcome, 7_000]), LIMIT_MS, 'not_charged');
    expect(from).toBe(worksOnMs === null ? 0 : 7_000 + worksOnMs);
  });

  test.each([2_000, 60_000])(
    'and where its sender died: from the end of its connection, were the limit %i ms',
    (limitMs) => {
      const events = execute(1, 1_000);
      const connectedUntilMs = 1_000 + SEND_WITHIN_MS + limitMs;
      expect(mayDecideFromMs(events, limitMs, 'charged')).toBe(connectedUntilMs);
      expect(mayDecideFromMs(events, limitMs, 'not_charged')).toBe(connectedUntilMs + WORKS_ON_MS);
    },
  );

  test('the execute that stays open longest counts', () => {
    const events = [...execute(1, 0, [LOST, 90_000]), ...execute(2, 50_000, [LOST, 51_000])];
    expect(mayDecideFromMs(events, LIMIT_MS, 'not_charged')).toBe(90_000 + WORKS_ON_MS);
  });

  test('a person finds time for it between two late repeats, be the pause the shortest', () => {
    expect(pauseMs(20, 0)).toBeGreaterThan(WORKS_ON_MS + 15_000);
  });
});
