import { describe, expect, test } from 'vitest';
import { createRig } from '../rig.ts';
import { MAX_ATTEMPTS, pauseBefore } from './schedule.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** From the first attempt to this one. */
const after = (attempt: number) =>
  Array.from({ length: attempt - 1 }, (_, index) => pauseBefore(index + 2)).reduce((sum, ms) => sum + ms, 0);

describe('E2: the documented schedule', () => {
  test.each([
    [2, 10_000, 0],
    [6, 50_000, 0],
    [7, 2.2 * MINUTE_MS, 0.1 * MINUTE_MS],
    [20, 25 * MINUTE_MS, MINUTE_MS],
    [40, 2.2 * HOUR_MS, 0.1 * HOUR_MS],
    [60, 16 * HOUR_MS, 0.3 * HOUR_MS],
    [120, 10.24 * DAY_MS, 0.02 * DAY_MS],
  ])('attempt %d comes about %d ms after the first', (attempt, ms, tolerance) => {
    expect(Math.abs(after(attempt) - ms)).toBeLessThanOrEqual(tolerance);
  });

  test('every four hours from attempt 69 on', () => {
    expect(pauseBefore(68)).toBeLessThan(4 * HOUR_MS);
    expect([69, 70, 100, MAX_ATTEMPTS].map(pauseBefore)).toEqual(Array(4).fill(4 * HOUR_MS));
  });
});

describe('a callback is repeated', () => {
  test('until it is answered 200', () => {
    const rig = createRig();
    const answers = [500, 404, 403, 'timeout', 'unreachable', 503, 200] as const;
    let at = 0;
    rig.answers(() => answers[at++] ?? 200);
    rig.sale({ id: 'a' });
    rig.pass(HOUR_MS);
    expect(rig.received).toHaveLength(7);
    expect(new Set(rig.received.map(({ text }) => text)).size).toBe(1);
    expect(rig.ecommpay.callbacks('a')).toMatchObject([
      { attempts: 7, answers, dueAt: null, sending: false },
    ]);
    expect(rig.kinds()).toEqual([]);
  });

  test('120 times at most', () => {
    const rig = createRig();
    rig.answers(() => 500);
    rig.sale({ id: 'a', more: {} });
    rig.pass(30 * DAY_MS);
    const [redirect, decline] = rig.ecommpay.callbacks('a');
    expect([redirect?.attempts, decline?.attempts]).toEqual([120, 120]);
    expect(rig.ecommpay.nextAt()).toBeUndefined();
  });

  test.each([201, 204, 301, 302])('an answer of %d does not take it, and is noted', (status) => {
    const rig = createRig();
    let at = 0;
    rig.answers(() => [status, 200][at++] ?? 200);
    rig.sale();
    rig.pass(MINUTE_MS);
    expect(rig.received).toHaveLength(2);
    expect(rig.kinds()).toEqual(['callback-answer']);
  });

  test('E7: once more by hand, word for word, and once only', () => {
    const rig = createRig();
    rig.sale({ id: 'a' });
    rig.pass(1_000);
    rig.answers(() => 500);
    const [first] = rig.ecommpay.callbacks('a');
    rig.ecommpay.replay({ id: first?.id });
    rig.pass(DAY_MS / 2);
    expect(rig.received.map(({ text }) => text)).toEqual([first?.body, first?.body]);
    expect(() => rig.ecommpay.replay({ id: 0 })).toThrow('no such callback');
  });

  test('one that is under way is not sent again, and an answer after a reset is nobody’s', () => {
    const rig = createRig();
    rig.sale();
    rig.sleep(1_000);
    const [call] = rig.ecommpay.due();
    rig.sleep(DAY_MS / 2);
    expect(rig.ecommpay.due()).toEqual([]);
    rig.ecommpay.reset();
    rig.ecommpay.called(call?.number ?? 0, { kind: 'timeout' });
    expect(rig.ecommpay.nextAt()).toBeUndefined();
  });
});
