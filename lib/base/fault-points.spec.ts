import { expect, test, vi } from 'vitest';
import { armFaultPoint, FAULT_POINTS, reachNothing } from './fault-points.ts';

test.each(FAULT_POINTS)(
  '%s kills the process the first time it is passed, and no other point does',
  (armed) => {
    const die = vi.fn();
    const reach = armFaultPoint(armed, die);
    for (const point of FAULT_POINTS) if (point !== armed) void reach(point);
    expect(die).not.toHaveBeenCalled();
    void reach(armed);
    expect(die).toHaveBeenCalledOnce();
  },
);

test('with a number, it is the n-th time and only that', () => {
  const die = vi.fn();
  const reach = armFaultPoint('execute.answered:3', die);
  const deaths = [1, 2, 3, 4].map(() => {
    void reach('execute.answered');
    return die.mock.calls.length;
  });
  expect(deaths).toEqual([0, 0, 1, 1]);
});

test('what happens is the kill, or the freeze that was asked for', () => {
  const happen = vi.fn();
  for (const armed of ['pay.opened', 'pay.opened:1:kill', 'pay.opened:1:freeze'])
    void armFaultPoint(armed, happen)('pay.opened');
  expect(happen.mock.calls).toEqual([['kill'], ['kill'], ['freeze']]);
});

test('names are unique, and unarmed points do nothing', () => {
  expect(new Set(FAULT_POINTS).size).toBe(FAULT_POINTS.length);
  for (const point of FAULT_POINTS) expect(reachNothing(point)).toBeUndefined();
});
