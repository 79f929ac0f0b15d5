import { sql } from 'kysely';
import type { Reach } from '../base/fault-points.ts';
import type { Ids } from '../base/ids.ts';
import { errorFields, type Log } from '../base/log.ts';
import { raiseAlarm } from '../db/alarms.ts';
import { given } from '../db/each.ts';
import { nowMs, nowPlus, type Store, type Tx } from '../db/store.ts';

/** What the outside hears of an order. `id` is the same at every delivery: a consumer that knows it does nothing. */
export type OrderEvent = {
  id: string;
  kind: 'order.paid' | 'order.payment_reversed';
  /** Counts the events of its order from 1. A consumer that had a higher one already heard something newer. */
  number: number;
  orderId: string;
  paymentId: string;
  payload: {
    amountCentavos: number;
    /** `PY0010`: Maya said "already processed" to a repeat; a merchant may hold shipping until it is looked up. */
    confirmedBy: 'provider' | 'PY0010' | 'staff' | null;
    /** Maya's payment id. */
    providerId: string | null;
  };
  createdAtMs: number;
};

/** Must be idempotent by the event's id: it is called at least once. A throw means "again later". */
export type OrderEventConsumer = (event: OrderEvent) => Promise<void>;

/** A consumer that takes longer may be called a second time beside the first; it is idempotent. */
const LEASE_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 10 * 60 * 1_000;
const STUCK_AFTER_ATTEMPTS = 8;

/**
 * Writes events, each of another order, in the transaction of the facts they tell of. Once per order, payment and
 * occurrence: a payment that was reversed and came through again is told of again.
 */
export async function announce(
  tx: Tx,
  ids: Ids,
  events: readonly Pick<OrderEvent, 'kind' | 'orderId' | 'paymentId' | 'payload'>[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    id: ids.key(),
    dedupe_key: `${event.kind} ${event.orderId} ${event.paymentId} `,
    kind: event.kind,
    order_id: event.orderId,
    payment_id: event.paymentId,
    payload: JSON.stringify(event.payload),
  }));
  await sql`
    insert into outbox (id, dedupe_key, kind, order_id, number, payment_id, payload, created_at, due_at)
    select given.id,
      given.dedupe_key || (select count(*) from outbox as turn
        where turn.order_id = given.order_id and turn.payment_id = given.payment_id and turn.kind <> given.kind),
      given.kind, given.order_id,
      (select count(*) + 1 from outbox as earlier where earlier.order_id = given.order_id),
      given.payment_id, given.payload, ${nowMs}, ${nowMs}
    from ${given(tx, 'outbox', rows)} as given where true
    on conflict (dedupe_key) do nothing`.execute(tx);
}

/**
 * Delivers what is due, in order for each order of a customer. Marks an event only after the consumer returned, so a
 * death in between delivers it again under the same id.
 *
 * @returns number of events delivered
 */
export async function relayOutbox(
  deps: { store: Store; ids: Ids; log: Log; reach: Reach },
  consume: OrderEventConsumer,
): Promise<number> {
  let delivered = 0;
  for (;;) {
    const event = await lease(deps);
    if (!event) return delivered;
    const { attempts } = event;
    await deps.reach('outbox.leased');
    try {
      await consume(event);
      await deps.reach('outbox.consumed');
      await deps.store.db
        .updateTable('outbox')
        .set({ delivered_at: nowMs, lease_until: 0 })
        .where('id', '=', event.id)
        .where('delivered_at', 'is', null)
        .execute();
      await deps.reach('outbox.delivered');
      delivered += 1;
      deps.log.info('outbox.delivered', { event: event.id, order: event.orderId, reason: event.kind });
    } catch (error) {
      deps.log.warn('outbox.failed', { event: event.id, attempt: attempts, ...errorFields(error) });
      await deps.store.db
        .updateTable('outbox')
        .set({
          due_at: nowPlus(Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), MAX_RETRY_MS)),
          lease_until: 0,
        })
        .where('id', '=', event.id)
        .execute();
      if (attempts >= STUCK_AFTER_ATTEMPTS)
        await raiseAlarm(deps, deps.store.db, { kind: 'outbox_stuck', subject: event.id });
    }
  }
}

/**
 * Takes the event that is due longest and not behind an undelivered one of the same order. In the order of the index,
 * so that it takes no longer after an outage, with thousands waiting.
 */
async function lease(deps: { store: Store; ids: Ids }): Promise<(OrderEvent & { attempts: number }) | null> {
  const row = await deps.store.db
    .updateTable('outbox')
    .set((eb) => ({
      attempts: eb('attempts', '+', 1),
      lease_by: deps.ids.reference(),
      lease_until: nowPlus(LEASE_MS),
    }))
    .where('id', '=', (eb) =>
      eb
        .selectFrom('outbox as due')
        .select('due.id')
        .where('due.delivered_at', 'is', null)
        .where('due.due_at', '<=', nowMs)
        .where('due.lease_until', '<', nowMs)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('outbox as earlier')
                .select('earlier.id')
                .whereRef('earlier.order_id', '=', 'due.order_id')
                .where('earlier.delivered_at', 'is', null)
                .whereRef('earlier.number', '<', 'due.number'),
            ),
          ),
        )
        .orderBy('due.due_at')
        .limit(1),
    )
    .where('delivered_at', 'is', null)
    .where('lease_until', '<', nowMs)
    .returningAll()
    .executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    kind: row.kind as OrderEvent['kind'],
    number: row.number,
    orderId: row.order_id,
    paymentId: row.payment_id,
    payload: JSON.parse(row.payload) as OrderEvent['payload'],
    createdAtMs: row.created_at,
    attempts: row.attempts,
  };
}
