import { lockEach } from '../db/each.ts';
import { nowMs, type Store, type Tx } from '../db/store.ts';
import { type AppendDeps, append, lockPayment } from './append.ts';
import type { Fact, PaymentEvent } from './facts.ts';
import { acquireForStaff, releaseLease } from './lease.ts';
import { standsNoMore } from './order-effects.ts';
import { findPayment, isFinal } from './payment.ts';
import { type Conclusion, readingOf } from './reduce.ts';
import { keepWhatIsLeft } from './second-success.ts';
import { isReturnable, MACHINE, markReturned } from './tasks.ts';
import type { StaffDecision } from './verdict.ts';

/** Why a decision was not taken. Each says what to do. */
export type StaffRefusal =
  /** Something that may charge is on the wire: wait for it. */
  | 'execute_on_the_wire'
  /** The customer can still pay it, on ECommPay's page or in the wallet: {@link mayDecideFromMs} says until when. */
  | 'too_early'
  /** Something is asking Maya right now: try again in a few seconds. */
  | 'busy'
  /** Facts came after what was looked at: look again. */
  | 'changed'
  /** No execute was ever recorded; machines settle that. */
  | 'never_executed'
  | 'not_found';

/** What decisions need: no tokens and no network. */
export type StaffDeps = AppendDeps & {
  store: Store;
  /** Time limit of a send: a younger one without an answer may still be on the wire. */
  executeTimeoutMs: number;
};

/** A person who looked a payment up, e.g. in Maya Manager. */
export type Staff = { actor: string; evidence: string };

/**
 * A person's decision about a payment. It takes the lease, forbids every later execute, and names what the person had
 * seen: facts that come later and say otherwise put the payment back into review.
 *
 * @param seen version of the payment that the person looked at
 */
export async function decide(
  deps: StaffDeps,
  paymentId: string,
  decision: StaffDecision,
  seen: number,
  staff: Staff,
): Promise<Conclusion | StaffRefusal> {
  if (!(await findPayment(deps.store.db, paymentId))) return 'not_found';
  const holder = await acquireForStaff(deps, paymentId);
  if (holder === null) return 'busy';
  try {
    return await deps.store.transaction(async (tx) => {
      const locked = await lockPayment(tx, paymentId, (eb) => eb('lease_by', '=', holder));
      if (!locked) return 'busy';
      const rail = readingOf(locked.events);
      if (rail.lastAttempt(locked.events) === 0) return 'never_executed';
      if (locked.nowMs < mayDecideFromMs(locked.events, deps.executeTimeoutMs, decision))
        return locked.row.rail === 'maya' ? 'execute_on_the_wire' : 'too_early';
      if (locked.row.version !== seen) return 'changed';
      const fact: Fact = { kind: 'staff_decided', id: deps.ids.key(), decision, seen, ...staff };
      const { after } = await append(tx, deps, locked, [fact]);
      await audit(tx, deps, staff, `payment.decide ${decision}`, paymentId);
      return after;
    });
  } finally {
    await releaseLease(deps, paymentId, holder, null);
  }
}

/**
 * From when on a person may decide about a payment; a moment that is past where it may be now. Before it, what the person
 * looked up can still change: an execute may be on the wire; at ECommPay the customer may be paying until the limit time of
 * a form that was confirmed in the last moment of its address, or of a sale, is over, unless ECommPay told its end before.
 * That it was *not* charged can be said a little later than that it was: Maya may still be working on an execute whose
 * answer was lost.
 *
 * @param sendLimitMs time limit of a send: a younger one without an answer may still be on the wire
 */
export const mayDecideFromMs = (
  events: readonly PaymentEvent[],
  sendLimitMs: number,
  decision: StaffDecision,
): number => readingOf(events).openUntilMs(events, sendLimitMs, decision);

/**
 * One more repeat of the same id, at a person's wish, where that can still tell something. The server asks at its next
 * turn, within a second or so.
 */
export async function askAgain(
  deps: StaffDeps,
  paymentId: string,
  staff: Staff,
): Promise<'asked' | 'not_found' | 'never_executed' | 'nothing_to_ask'> {
  return deps.store.transaction(async (tx) => {
    const locked = await lockPayment(tx, paymentId);
    if (!locked) return 'not_found';
    const afterAttempt = readingOf(locked.events).lastAttempt(locked.events);
    if (afterAttempt === 0) return 'never_executed';
    if (isFinal(locked.row.state)) return 'nothing_to_ask';
    const asked: Fact = { kind: 'staff_asked', actor: staff.actor, afterAttempt };
    const { after } = await append(tx, deps, locked, [asked]);
    if (after.asking === 'no') return 'nothing_to_ask';
    await tx.updateTable('payments').set({ next_ask_at: nowMs }).where('id', '=', paymentId).execute();
    await audit(tx, deps, staff, 'payment.ask_again', paymentId);
    return 'asked';
  });
}

/**
 * A person gave back what a payment took beside the one that pays the order. Its customer is told so from now on, and it
 * neither pays the order nor holds it any more: not even where it came to pay it between the giving back and this record.
 * The order is locked as it is where a payment comes to pay it: two that see each other's task still open would let it be
 * paid by money that just went back.
 *
 * @param evenIfItPays whether the person knows that it pays its order by now: recorded all the same, its order can be
 *   paid anew
 * @returns `nothing_to_return` where it was never to be given back, or a person has recorded that it was;
 *   `pays_the_order` where it does by now, and the person did not say to know that
 */
export async function recordReturn(
  deps: StaffDeps,
  paymentId: string,
  staff: Staff,
  evenIfItPays = false,
): Promise<'recorded' | 'nothing_to_return' | 'pays_the_order' | 'not_found'> {
  if (staff.actor === MACHINE) throw new TypeError(`“${MACHINE}” is nobody’s name`);
  return deps.store.transaction(async (tx) => {
    // Whoever looks at the order's page sees a newer one.
    const locked = await lockPayment(tx, paymentId);
    if (!locked) return 'not_found';
    const orderId = locked.row.order_id;
    await lockEach(tx, 'orders', [orderId]);
    if (!evenIfItPays && (await isReturnable(tx, paymentId)) && (await paysOrder(tx, orderId, paymentId)))
      return 'pays_the_order';
    if (!(await markReturned(tx, paymentId, staff))) return 'nothing_to_return';
    await standsNoMore(tx, deps, locked.row);
    await keepWhatIsLeft(tx, orderId);
    await audit(tx, deps, staff, 'payment.returned', paymentId);
    return 'recorded';
  });
}

async function paysOrder(tx: Tx, orderId: string, paymentId: string): Promise<boolean> {
  const order = await tx
    .selectFrom('orders')
    .select('id')
    .where('id', '=', orderId)
    .where('paid_by', '=', paymentId)
    .executeTakeFirst();
  return order !== undefined;
}

async function audit(tx: Tx, deps: StaffDeps, staff: Staff, action: string, subject: string): Promise<void> {
  await tx
    .insertInto('audit')
    .values({ id: deps.ids.key(), at: nowMs, actor: staff.actor, action, subject, evidence: staff.evidence })
    .execute();
}
