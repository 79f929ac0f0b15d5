import { findOrderById } from '#lib/orders/order.ts';
import { twicePaid } from '#lib/payments/twice-paid.ts';
import type { SimProcess } from '../world/sim-process.ts';
import { runtimeOf } from '../world/start-process.ts';
import type { World } from '../world/world.ts';

type PaymentLine = {
  id: string;
  state: string;
  paid: number;
  duplicate_paid: number;
  alarms: number;
  tasks: number;
};

const OF_ORDER = `select payments.id, payments.state, payments.duplicate_paid, orders.paid_by is payments.id as paid,
    (select count(*) from alarms where subject in (payments.id, payments.order_id) and acknowledged_at is null) as alarms,
    (select count(*) from tasks where payment_id = payments.id and closed_at is null) as tasks
  from payments join orders on orders.id = payments.order_id where payments.provider_id = ?`;

/**
 * An order that was debited twice, since a provider took its word back: one of the two has paid it, its customer is told,
 * and for each of the others an alarm stands open and a person has to act: to return the money, or to find out (`review`).
 */
export async function checkDoubles({ database, judge }: World, process: SimProcess): Promise<void> {
  const { db } = runtimeOf(process).store;
  for (const { order } of judge.orders()) {
    const debits = judge.debitsOf(order);
    const found = await findOrderById(db, order);
    const told = found && (await twicePaid(db, found));
    const wrong = (detail: string) => judge.wrong('charged twice', `order ${order}: ${detail}`);
    if (debits.length < 2) {
      if (told?.owed.some(({ isCertain }) => isCertain)) wrong('it is shown as charged twice and was not');
      continue;
    }
    if (!told) wrong('its customer is not told of it');
    const rows = debits.flatMap(({ providerId }) => database.all<PaymentLine>(OF_ORDER, providerId));
    if (rows.length < debits.length) wrong('a payment of it is not on record');
    if (!rows.some(({ paid }) => paid === 1)) wrong('nothing of it counts as paid');
    for (const { id, state, paid, alarms, tasks } of rows) {
      if (paid === 1) continue;
      if (alarms === 0) wrong(`payment ${id} charged it again, and no alarm tells`);
      if (tasks === 0 && state !== 'review')
        wrong(`payment ${id} charged it again, and nobody has to return that`);
    }
  }
}
