/**
 * Named places in the code where a process may die in a test, or freeze: between two statements that matter. Nothing
 * happens there unless somebody armed one, and only the simulator's mode lets anybody.
 */
export const FAULT_POINTS = [
  'session.checked',
  'session.received',
  'session.landed',
  'session.redeemed',
  'profile.answered',
  'profile.saved',
  'refresh.leased',
  'refresh.recorded',
  'refresh.answered',
  'refresh.saved',
  'refresh.refused',
  'pay.ready',
  'pay.opened',
  'create.answered',
  'create.saved',
  'execute.recorded',
  'execute.answered',
  'execute.saved',
  'pay.released',
  'settle.leased',
  'settle.ready',
  'settle.recorded',
  'settle.answered',
  'settle.saved',
  'page.recorded',
  'sale.recorded',
  'sale.answered',
  'sale.saved',
  'callback.received',
  'callback.saved',
  'return.received',
  'return.recorded',
  'status.asked',
  'status.answered',
  'status.saved',
  'settle.released',
  'payout.recorded',
  'payout.answered',
  'payout.saved',
  'payout.asked',
  'payout.said',
  'outbox.leased',
  'outbox.consumed',
  'outbox.delivered',
] as const;

export type FaultPoint = (typeof FAULT_POINTS)[number];

/** Called when the code passes a point. */
export type Reach = (point: FaultPoint) => void | Promise<void>;

export const reachNothing: Reach = () => {};

/** `kill`: like a power cut. `freeze`: like a machine that stands still until somebody lets it go on. */
export type Fault = 'kill' | 'freeze';

/**
 * Does the fault when `armed` is passed for the n-th time.
 *
 * @param armed `point`, `point:n` or `point:n:freeze`
 * @param happen does it to this process, at once
 */
export function armFaultPoint(armed: string, happen: (fault: Fault) => void): Reach {
  const [name, count = '1', fault = 'kill'] = armed.split(':');
  let left = Number(count);
  return (point) => {
    if (point !== name) return;
    left -= 1;
    if (left === 0) happen(fault === 'freeze' ? 'freeze' : 'kill');
  };
}
