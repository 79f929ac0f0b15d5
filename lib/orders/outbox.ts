import { type Selectable, sql } from 'kysely';
import type { Reach } from '../base/fault-points.ts';
import type { Ids } from '../base/ids.ts';
import { errorFields, type Log } from '../base/log.ts';
import { raiseAlarm } from '../db/alarms.ts';
import { given, isOneOf, lockEach } from '../db/each.ts';
import type { OutboxTable } from '../db/schema.ts';
import { type Db, nowMs, nowPlus, type Store, type Tx } from '../db/store.ts';

/** What the outside hears of an order. `id` is the same at every delivery: a consumer that knows it does nothing. */
export type OrderEvent = {
  id: string;
  kind: 'order.paid' | 'order.payment_reversed';
  /** Counts the events of its order from 1. A consumer that had a higher one already heard something newer. */
  number: number;
  orderId: string;
  paymentId: string;
  payload: {
    /** What was paid. A person may have accepted another sum than the order's; `null`: one in another currency. */
    amountCentavos: number | null;
    /** `PY0010`: Maya said "already processed" to a repeat; a merchant may hold shipping until it is looked up. */
    confirmedBy: 'provider' | 'PY0010' | 'staff' | null;
    /** Maya's payment id. */
    providerId: string | null;
  };
  createdAtMs: number;
};

/**
 * Takes some events, each of another order. Must be idempotent by an event's id: it is called at least once. A throw
 * means that each is brought once more, alone; a throw of one that is alone means "again later".
 */
export type OrderEventConsumer = (events: readonly OrderEvent[]) => Promise<void>;

/** A consumer that takes longer may be called a second time beside the first; it is idempotent. */
const LEASE_MS = 10_000;
/** Small enough for a consumer that takes a moment for each. */
const BATCH = 32;
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

type Deps = { store: Store; ids: Ids; log: Log; reach: Reach };

/** An event with the number of times it was taken, and by whom it is now. */
type Leased = { event: OrderEvent; attempts: number; holder: string };

/**
 * Delivers what is due, in order for each order of a customer. Marks events only after the consumer returned, so a
 * death in between delivers them again under the same ids.
 *
 * @returns number of events delivered
 */
export async function relayOutbox(deps: Deps, consume: OrderEventConsumer): Promise<number> {
  let delivered = 0;
  for (;;) {
    const events = await lease(deps);
    if (events.length === 0) return delivered;
    await deps.reach('outbox.leased');
    delivered += await deliver(deps, consume, events);
  }
}

async function deliver(deps: Deps, consume: OrderEventConsumer, leased: readonly Leased[]): Promise<number> {
  const [first, ...more] = leased;
  if (!first) return 0;
  try {
    await consume(leased.map(({ event }) => event));
    await deps.reach('outbox.consumed');
    await markDelivered(deps, leased);
    await deps.reach('outbox.delivered');
  } catch (error) {
    if (more.length > 0) return deliverOneByOne(deps, consume, leased);
    await putOff(deps, first, error);
    return 0;
  }
  for (const { event } of leased)
    deps.log.info('outbox.delivered', { event: event.id, order: event.orderId, reason: event.kind });
  return leased.length;
}

/** So that one that cannot be taken holds up no other. */
async function deliverOneByOne(
  deps: Deps,
  consume: OrderEventConsumer,
  leased: readonly Leased[],
): Promise<number> {
  let delivered = 0;
  for (const event of leased)
    if (await renew(deps, event)) delivered += await deliver(deps, consume, [event]);
  return delivered;
}

async function markDelivered({ store }: Deps, leased: readonly Leased[]): Promise<void> {
  const ids = leased.map(({ event }) => event.id);
  await store.transaction(async (tx) => {
    await lockEach(tx, 'outbox', ids);
    await tx
      .updateTable('outbox')
      .set({ delivered_at: nowMs, lease_until: 0 })
      .where(isOneOf(tx, 'id', ids))
      .where('delivered_at', 'is', null)
      .execute();
  });
}

async function putOff(deps: Deps, { event: { id }, attempts }: Leased, error: unknown): Promise<void> {
  deps.log.warn('outbox.failed', { event: id, attempt: attempts, ...errorFields(error) });
  await deps.store.db
    .updateTable('outbox')
    .set({
      due_at: nowPlus(Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), MAX_RETRY_MS)),
      lease_until: 0,
    })
    .where('id', '=', id)
    .execute();
  if (attempts >= STUCK_AFTER_ATTEMPTS)
    await raiseAlarm(deps, deps.store.db, { kind: 'outbox_stuck', subject: id });
}

/** @returns whether nobody else took it meanwhile */
async function renew({ store }: Deps, { event, holder }: Leased): Promise<boolean> {
  const renewed = await store.db
    .updateTable('outbox')
    .set({ lease_until: nowPlus(LEASE_MS) })
    .where('id', '=', event.id)
    .where('lease_by', '=', holder)
    .where('delivered_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return renewed !== undefined;
}

/**
 * Takes the events that are due longest and not behind an undelivered one of the same order. In the order of the index,
 * so that it takes no longer after an outage, with thousands waiting.
 */
async function lease({ store, ids }: Deps): Promise<Leased[]> {
  const holder = ids.reference();
  const due = await findDue(store.db);
  if (due.length === 0) return [];
  const taken = await store.transaction(async (tx) => {
    await lockEach(tx, 'outbox', due);
    return tx
      .updateTable('outbox')
      .set((eb) => ({
        attempts: eb('attempts', '+', 1),
        lease_by: holder,
        lease_until: nowPlus(LEASE_MS),
      }))
      .where(isOneOf(tx, 'id', due))
      .where('delivered_at', 'is', null)
      .where('due_at', '<=', nowMs)
      .where('lease_until', '<', nowMs)
      .returningAll()
      .execute();
  });
  const place = new Map(due.map((id, index) => [id, index]));
  return taken
    .sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0))
    .map((row) => ({ event: eventOf(row), attempts: row.attempts, holder }));
}

const eventOf = (row: Selectable<OutboxTable>): OrderEvent => ({
  id: row.id,
  kind: row.kind as OrderEvent['kind'],
  number: row.number,
  orderId: row.order_id,
  paymentId: row.payment_id,
  payload: JSON.parse(row.payload) as OrderEvent['payload'],
  createdAtMs: row.created_at,
});

async function findDue(db: Db): Promise<string[]> {
  const due = await db
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
    .limit(BATCH)
    .execute();
  return due.map(({ id }) => id);
}
