/**
 * Named places in the code where a process may die in a test: between two statements that matter. Nothing happens
 * there unless somebody armed one, and only the simulator's mode lets anybody.
 */
export const FAULT_POINTS = [
  'session.received',
  'session.redeemed',
  'refresh.recorded',
  'refresh.answered',
  'refresh.saved',
  'pay.opened',
  'create.answered',
  'execute.recorded',
  'execute.answered',
  'execute.saved',
  'settle.leased',
  'settle.recorded',
  'settle.answered',
  'settle.saved',
  'page.recorded',
  'sale.recorded',
  'sale.answered',
  'sale.saved',
  'callback.saved',
  'payout.recorded',
  'payout.answered',
  'payout.saved',
  'payout.asked',
  'outbox.leased',
  'outbox.consumed',
] as const;

export type FaultPoint = (typeof FAULT_POINTS)[number];

/** Called when the code passes a point. */
export type Reach = (point: FaultPoint) => void | Promise<void>;

export const reachNothing: Reach = () => {};

/**
 * Dies like a power cut when `armed` is passed for the n-th time.
 *
 * @param armed `point` or `point:n`
 * @param die kills this process at once
 */
export function armFaultPoint(armed: string, die: () => void): Reach {
  const [name, count = '1'] = armed.split(':');
  let left = Number(count);
  return (point) => {
    if (point !== name) return;
    left -= 1;
    if (left === 0) die();
  };
}
