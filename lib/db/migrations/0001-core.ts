import { sql } from 'kysely';
import type { Engine, Tx } from '../store.ts';

const UNSETTLED = sql`state in ('creating', 'created', 'executing', 'review')`;

/** Sessions, carts, orders, payments with their events, outbox, alarms, tasks and the audit of staff. */
export async function up(tx: Tx, engine: Engine): Promise<void> {
  if (engine === 'postgres')
    await sql`
      create or replace function now_ms() returns bigint language sql volatile
      as $$ select (extract(epoch from clock_timestamp()) * 1000)::bigint $$`.execute(tx);

  await tx.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('session_id_hash', 'text', (column) => column.notNull().unique())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('redeem_until', 'bigint', (column) => column.notNull())
    .addColumn('redeemed_at', 'bigint')
    .addColumn('replaced_session_id', 'text')
    .addColumn('customer_id', 'text')
    .addColumn('account_holder', 'text')
    .addColumn('sealed_tokens', 'text')
    .addColumn('generation', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('access_expires_at', 'bigint', (column) => column.notNull())
    .addColumn('refresh_lease_by', 'text')
    .addColumn('refresh_lease_until', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('refresh_not_before', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('refresh_failures', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('refresh_reference', 'text')
    .addColumn('ended_at', 'bigint')
    .addColumn('end_reason', 'text')
    .execute();
  await sql`create index sessions_unredeemed on sessions (redeem_until) where redeemed_at is null`.execute(
    tx,
  );
  await sql`create index sessions_sealed on sessions (access_expires_at)
    where redeemed_at is not null and sealed_tokens is not null`.execute(tx);
  await sql`create index sessions_of_customer on sessions (customer_id) where customer_id is not null`.execute(
    tx,
  );

  await tx.schema
    .createTable('carts')
    .addColumn('session_id', 'text', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('items', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();

  await tx.schema
    .createTable('orders')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('cart_version', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('total_centavos', 'bigint', (column) => column.notNull())
    .addColumn('lines', 'text', (column) => column.notNull())
    .addColumn('claim', 'text')
    .addColumn('paid_by', 'text')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('first_payment_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await sql`create unique index orders_live_of_cart on orders (session_id, cart_version) where state = 'open'`.execute(
    tx,
  );
  await sql`create index orders_of_session on orders (session_id, created_at)`.execute(tx);
  await sql`create index orders_to_expire on orders (expires_at)
    where state = 'open' and claim is null and paid_by is null`.execute(tx);

  await tx.schema
    .createTable('payments')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('order_id', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('rail', 'text', (column) => column.notNull())
    .addColumn('amount_centavos', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('confirmed_by', 'text')
    .addColumn('provider_id', 'text', (column) => column.unique())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('pay_by', 'bigint', (column) => column.notNull())
    .addColumn('lease_by', 'text')
    .addColumn('lease_until', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('next_ask_at', 'bigint', (column) => column.notNull())
    .addColumn('asking', 'text', (column) => column.notNull().defaultTo('yes'))
    .addColumn('staff_decided', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('duplicate_paid', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await sql`create index payments_unsettled on payments (next_ask_at) where ${UNSETTLED}`.execute(tx);
  await sql`create index payments_of_order on payments (order_id, opened_at)`.execute(tx);
  await sql`create index payments_of_session on payments (session_id, opened_at)`.execute(tx);

  await tx.schema
    .createTable('payment_events')
    .addColumn('payment_id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('recorded_at', 'bigint', (column) => column.notNull())
    .addColumn('recorded_by', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('payment_events_number', ['payment_id', 'number'])
    .addUniqueConstraint('payment_events_key', ['payment_id', 'key'])
    .execute();

  await tx.schema
    .createTable('outbox')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('dedupe_key', 'text', (column) => column.notNull().unique())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('order_id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('payment_id', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('lease_by', 'text')
    .addColumn('lease_until', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('delivered_at', 'bigint')
    .addUniqueConstraint('outbox_of_order', ['order_id', 'number'])
    .execute();
  await sql`create index outbox_undelivered on outbox (due_at) where delivered_at is null`.execute(tx);

  await tx.schema
    .createTable('alarms')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('last_at', 'bigint', (column) => column.notNull())
    .addColumn('times', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('acknowledged_at', 'bigint')
    .addColumn('acknowledged_by', 'text')
    .addUniqueConstraint('alarms_of_subject', ['kind', 'subject'])
    .execute();

  await tx.schema
    .createTable('tasks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('payment_id', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('closed_at', 'bigint')
    .addColumn('closed_by', 'text')
    .addColumn('evidence', 'text')
    .addUniqueConstraint('tasks_of_payment', ['kind', 'payment_id'])
    .execute();

  await tx.schema
    .createTable('audit')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('evidence', 'text', (column) => column.notNull())
    .execute();
  await sql`create index audit_of_subject on audit (subject, at)`.execute(tx);
}
