import type { World } from '../world/world.ts';
import { checkPayouts } from './payouts.ts';

type PaymentLine = {
  id: string;
  order_id: string;
  state: string;
  reason: string | null;
  confirmed_by: string | null;
  provider_id: string | null;
};

const STATES = 'select distinct state, reason from payments';

const FINAL = `select id, order_id, state, reason, confirmed_by, provider_id from payments
  where state in ('approved', 'declined', 'failed') and provider_id is not null`;

const UNGUARDED = `select payments.id, payments.state from payments join orders on orders.id = payments.order_id
  where payments.state in ('creating', 'created', 'executing', 'review') and orders.claim is null and orders.paid_by is null`;

/** What must hold after every step, whatever is still going on. */
export function checkAlways(world: World): void {
  const { database, judge } = world;
  for (const { what, subject } of database.all<{ what: string; subject: string }>('select * from sim_wrongs'))
    judge.wrong('watched', `${what} (${subject})`);
  for (const { id, state } of database.all<Pick<PaymentLine, 'id' | 'state'>>(UNGUARDED))
    judge.wrong('books', `payment ${id} is ${state} and nobody holds its order`);
  for (const { state, reason } of database.all<Pick<PaymentLine, 'state' | 'reason'>>(STATES))
    world.reach(`concluded ${state}${reason ? ` ${reason}` : ''}`);
  for (const payment of database.all<PaymentLine>(FINAL)) {
    const debit = judge.debitOf(payment.provider_id ?? '');
    const debited = debit !== undefined;
    if (payment.state === 'approved' && !debited && !world.mayBelieve(payment.order_id))
      judge.wrong('shown paid', `payment ${payment.id} is approved and was never debited`);
    if (payment.state !== 'approved' && debit && !debit.fickle)
      judge.wrong('charge forgotten', `payment ${payment.id} is ${payment.state} and was debited`);
  }
  if (world.plan.outside) checkPayouts(world);
  for (const provider of world.providers)
    for (const complaint of provider.complaints()) judge.wrong(provider.name, complaint);
}
