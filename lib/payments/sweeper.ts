import { sql } from 'kysely';
import { errorFields } from '../base/log.ts';
import { sweepSessions } from '../customer-session/sweep-sessions.ts';
import { nowMs } from '../db/store.ts';
import { closeLapsed } from '../orders/close-order.ts';
import { type OrderEventConsumer, relayOutbox } from '../orders/outbox.ts';
import type { PaymentDeps } from './deps.ts';
import { wipeSettledSales } from './ecommpay/sale-row.ts';
import { follow } from './follow.ts';

const EVERY_MS = 1_000;
/** Housekeeping that nobody waits for runs at every n-th turn. */
const HOUSEKEEPING_TURNS = 5;
const BATCH = 200;

/**
 * Looks after everything that no request looks after: payments whose sender is gone or whose next look is due, the
 * outbox, orders that lapsed, tokens nobody needs. Its first turn, at process start, takes every unsettled payment
 * whose lease has lapsed, due or not. Ends when the process is told to stop; never throws.
 */
export async function sweep(deps: PaymentDeps, consume: OrderEventConsumer): Promise<void> {
  const complaints = new Complaints(deps);
  for (let turn = 0; !deps.stopping.aborted; turn += 1) {
    await complaints.about('payments', () => followDue(deps, { ignoreDue: turn === 0 }));
    await complaints.about('outbox', () => relayOutbox(deps, consume));
    if (turn % HOUSEKEEPING_TURNS === 0) {
      await complaints.about('orders', () => closeLapsed(deps.store.db, 'all'));
      await complaints.about('sessions', () => sweepSessions(deps));
      await complaints.about('sales', () => wipeSettledSales(deps.store.db));
    }
    await deps.clock.sleep(EVERY_MS, deps.stopping);
  }
}

/** Starts a follower for each payment that is due, the oldest first; how many ask at once is limited elsewhere. */
async function followDue(deps: PaymentDeps, options: { ignoreDue: boolean }): Promise<void> {
  let query = deps.store.db
    .selectFrom('payments')
    .select('id')
    .where('state', 'in', ['creating', 'created', 'executing', 'review'])
    .where('lease_until', '<', nowMs);
  query = options.ignoreDue
    ? query.where((eb) =>
        eb.or([
          eb('asking', '=', 'yes'),
          eb.and([eb('asking', '=', 'hourly'), eb('next_ask_at', '<=', nowMs)]),
        ]),
      )
    : query.where('asking', '!=', 'no').where('next_ask_at', '<=', nowMs);
  const due = await query.orderBy('opened_at').limit(BATCH).execute();
  for (const { id } of due) void follow(deps, id, options);
  for (const { id } of await dueToBeSure(deps)) void follow(deps, id);
}

/** Payments that have ended, and of which a callback came that says nothing by itself. */
function dueToBeSure(deps: PaymentDeps): Promise<{ id: string }[]> {
  return (
    deps.store.db
      .selectFrom('payments')
      .select('id')
      // Written out, for the index that holds only these.
      .where('asking', '=', sql.lit('to_be_sure' as const))
      .where('lease_until', '<', nowMs)
      .where('next_ask_at', '<=', nowMs)
      .orderBy('next_ask_at')
      .limit(BATCH)
      .execute()
  );
}

/** Says that a part of the sweep fails once, and again only after it had worked meanwhile. */
class Complaints {
  readonly #deps: PaymentDeps;
  readonly #failing = new Set<string>();

  constructor(deps: PaymentDeps) {
    this.#deps = deps;
  }

  async about(part: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      if (this.#failing.delete(part)) this.#deps.log.info('sweep.works_again', { subject: part });
    } catch (error) {
      if (this.#failing.has(part)) return;
      this.#failing.add(part);
      this.#deps.log.error('sweep.failed', { subject: part, ...errorFields(error) });
    }
  }
}

/** The tokens of a verified customer are back: ask once more about what could not be asked without them. */
export async function askForCustomer(deps: PaymentDeps, customerId: string): Promise<void> {
  const waiting = await deps.store.db
    .selectFrom('payments')
    .innerJoin('sessions', 'sessions.id', 'payments.session_id')
    .select('payments.id')
    .where('sessions.customer_id', '=', customerId)
    .where('payments.state', 'in', ['executing', 'review'])
    .where('payments.asking', '!=', 'no')
    .execute();
  for (const { id } of waiting) void follow(deps, id, { ignoreDue: true });
}
