import { isDeepStrictEqual } from 'node:util';
import { listReview } from '#lib/ops/review-list.ts';
import { loadEvents } from '#lib/payments/payment.ts';
import { reduce } from '#lib/payments/reduce.ts';
import { viewOrder } from '#lib/payments/view-order.ts';
import type { SimProcess } from '../world/sim-process.ts';
import { runtimeOf } from '../world/start-process.ts';
import type { World } from '../world/world.ts';
import { checkDoubles } from './doubles.ts';
import { checkExecutes } from './executes.ts';
import { checkPayoutsAtRest } from './payouts.ts';
import { checkReasons } from './reasons.ts';

/** What must hold once the faults are over and everything that was under way has ended. */
export async function checkAtRest(world: World, process: SimProcess): Promise<void> {
  checkExecutes(world);
  checkMoneyColumns(world);
  await checkReduction(world, process);
  await checkPages(world, process);
  await checkStaffSees(world, process);
  if (world.plan.outside) await checkDoubles(world, process);
  if (world.plan.outside) await checkPayoutsAtRest(world, process);
  checkReasons(world);
}

const ODD_ORDERS = `
select orders.id, 'its claim is a payment that ended without money' as what from orders
  join payments on payments.id = orders.claim where payments.state in ('declined', 'failed')
union all
select orders.id, 'it counts as paid by a payment that is not approved' from orders
  join payments on payments.id = orders.paid_by where payments.state <> 'approved'
union all
select payments.order_id, 'a payment is approved, and the order neither counts as paid nor as charged twice' from payments
  join orders on orders.id = payments.order_id
  where payments.state = 'approved' and orders.paid_by is not payments.id and payments.duplicate_paid = 0
union all
select orders.id, 'it is paid and its event is not in the outbox' from orders
  where paid_by is not null and not exists (
    select 1 from outbox where outbox.order_id = orders.id and outbox.payment_id = orders.paid_by and kind = 'order.paid')
union all
select order_id, 'it was announced as paid more often than it was' from outbox
  group by order_id having sum(kind = 'order.paid') > 1 + sum(kind = 'order.payment_reversed')
union all
select order_id, 'its event counts as delivered and nobody heard it' from outbox
  where kind = 'order.paid' and delivered_at is not null
    and not exists (select 1 from pickups where pickups.order_id = outbox.order_id)
union all
select payments.order_id, 'a payment is in review without an alarm' from payments
  where payments.state = 'review' and not exists (
    select 1 from alarms where alarms.kind = 'payment_in_review' and alarms.subject = payments.id
      and alarms.acknowledged_at is null)
union all
select payments.order_id, 'it was charged twice without an alarm and a task' from payments
  where payments.duplicate_paid = 1 and not exists (
    select 1 from alarms join tasks on tasks.payment_id = alarms.subject
    where alarms.kind = 'duplicate_paid' and alarms.subject = payments.id and tasks.closed_at is null)
    and not exists (select 1 from tasks where tasks.payment_id = payments.id and tasks.closed_by <> 'machine')`;

function checkMoneyColumns({ database, judge }: World): void {
  for (const { id, what } of database.all<{ id: string; what: string }>(ODD_ORDERS))
    judge.wrong('books', `order ${id}: ${what}`);
}

/** The same set of facts gives the same state in every order, and it is the state that is stored. */
async function checkReduction(world: World, process: SimProcess): Promise<void> {
  const { judge, chance } = world;
  const rows = world.database.all<{ id: string; state: string; reason: string | null }>(
    'select id, state, reason from payments',
  );
  for (const row of rows) {
    const events = await loadEvents(runtimeOf(process).store.db, row.id);
    const conclusion = reduce(events);
    if (conclusion.confirmedBy) world.reach(`confirmed by ${conclusion.confirmedBy}`);
    if (conclusion.state !== row.state || conclusion.reason !== row.reason)
      judge.wrong(
        'reduction',
        `payment ${row.id} is stored as ${row.state}, its facts say ${conclusion.state}`,
      );
    const shuffled = [...events].sort(() => chance.next() - 0.5);
    for (const other of [shuffled, [...events].reverse()])
      if (!isDeepStrictEqual(reduce(other), conclusion))
        judge.wrong('reduction', `the facts of payment ${row.id} mean something else in another order`);
  }
}

/** Every page, once more: a debit is shown as paid, or a person is asked. */
async function checkPages(world: World, process: SimProcess): Promise<void> {
  const { judge, database } = world;
  for (const { order, customer } of judge.orders()) {
    const row = database.get<{ session_id: string }>('select session_id from orders where id = ?', order);
    if (!row) {
      judge.wrong('books', `order ${order} is gone`);
      continue;
    }
    const viewed = await viewOrder(runtimeOf(process), { row: row.session_id, customerId: null }, order);
    if (!viewed) {
      judge.wrong('books', `order ${order} cannot be opened by its own session`);
      continue;
    }
    const { state, duplicate, payable, paidCentavos } = viewed.status;
    judge.shown({ order, customer, state, payable, duplicate: duplicate !== null, paidCentavos });
    if (judge.isDebited(order) && state !== 'approved' && state !== 'review')
      judge.wrong('charge forgotten', `order ${order} was debited and shows ${state} at rest`);
  }
}

/** Where `PY0010` was believed, and where nobody knows, staff has it on its list. */
async function checkStaffSees(world: World, process: SimProcess): Promise<void> {
  const listed = await listReview(runtimeOf(process).store.db, { spotChecks: true });
  for (const order of world.judge.believed) {
    world.reach('PY0010 was believed after a decline');
    const shown = world.database.get<{ state: string }>(
      `select payments.state from orders join payments on payments.id = orders.paid_by where orders.id = ?`,
      order,
    );
    if (shown && !listed.some(({ orderId, todo }) => orderId === order && todo === 'check'))
      world.judge.wrong('PY0010', `order ${order} was paid by belief and is not on the list`);
  }
  const inReview = world.database.all<{ id: string }>(`select id from payments where state = 'review'`);
  for (const { id } of inReview)
    if (!listed.some(({ paymentId, todo }) => paymentId === id && todo === 'decide'))
      world.judge.wrong('books', `payment ${id} is in review and not on the list`);
}
