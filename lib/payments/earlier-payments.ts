import { sql } from 'kysely';
import type { CustomerSession } from '../customer-session/sessions.ts';
import { type Db, nowPlus } from '../db/store.ts';
import { UNSETTLED } from './payment.ts';
import { notReturned } from './tasks.ts';

/** So long a second payment of the same total is asked about. */
const SAME_TOTAL_WINDOW_MS = 10 * 60 * 1_000;

/** Sessions that one webview held before, one after the other; older ones are nobody's concern any more. */
const LAUNCHES_BACK = 10;

/** A payment made or begun before. */
export type EarlierPayment = {
  id: string;
  amountCentavos: number;
  openedAtMs: number;
  /** Where the customer can look at it; `null` where it may be another customer's, of whom nothing more is said. */
  orderId: string | null;
};

type Whose = Pick<CustomerSession, 'row' | 'customerId'>;

/** The newest payment without an outcome, for whoever opens the shop again. What was given back is waited for no more. */
export async function newestUnsettled(db: Db, session: Whose): Promise<EarlierPayment | null> {
  return newest(db, session, (query) => query.where('payments.state', 'in', UNSETTLED).where(notReturned()));
}

/**
 * Another order's payment of the same total, made or under way within the last ten minutes: the customer may be about
 * to pay for one thing twice, so the page asks first.
 */
export async function sameTotalLately(
  db: Db,
  session: Whose,
  orderId: string,
): Promise<EarlierPayment | null> {
  return newest(db, session, (query) =>
    query
      .where('payments.state', 'not in', ['declined', 'failed'])
      .where('payments.opened_at', '>', nowPlus(-SAME_TOTAL_WINDOW_MS))
      .where('payments.order_id', '!=', orderId)
      .where('payments.amount_centavos', '=', (of) =>
        of.selectFrom('orders').select('orders.total_centavos').where('orders.id', '=', orderId),
      ),
  );
}

const paymentsOf = (db: Db, { row, customerId }: Whose) =>
  db
    .withRecursive('held(id, back)', (cte) =>
      cte
        // A visitor outside Maya has orders and payments, and no session.
        .selectNoFrom([sql<string>`cast(${row} as text)`.as('id'), sql.lit(0).as('back')])
        .unionAll(
          cte
            .selectFrom('held')
            .innerJoin('sessions', 'sessions.id', 'held.id')
            .select((eb) => [
              eb.ref('sessions.replaced_session_id').$notNull().as('id'),
              eb('held.back', '+', sql.lit(1)).as('back'),
            ])
            .where('sessions.replaced_session_id', 'is not', null)
            .where('held.back', '<', LAUNCHES_BACK),
        ),
    )
    .selectFrom('payments')
    .leftJoin('sessions', 'sessions.id', 'payments.session_id')
    // One list of sessions, found by their index, and the payments of each by theirs: an `or` of the two reads everything.
    .where('payments.session_id', 'in', (eb) => {
      const held = eb.selectFrom('held').select('held.id');
      if (customerId === null) return held;
      return held.unionAll(
        eb
          .selectFrom('sessions as own')
          .select((own) => own.ref('own.id').$notNull().as('id'))
          .where('own.customer_id', '=', customerId),
      );
    });

async function newest(
  db: Db,
  session: Whose,
  narrow: (query: ReturnType<typeof paymentsOf>) => ReturnType<typeof paymentsOf>,
): Promise<EarlierPayment | null> {
  const found = await narrow(paymentsOf(db, session))
    .select([
      'payments.id',
      'payments.order_id',
      'payments.session_id',
      'payments.amount_centavos',
      'payments.opened_at',
      'sessions.customer_id',
    ])
    .orderBy('payments.opened_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!found) return null;
  const own =
    found.session_id === session.row ||
    (session.customerId !== null && found.customer_id === session.customerId);
  return {
    id: found.id,
    amountCentavos: found.amount_centavos,
    openedAtMs: found.opened_at,
    orderId: own ? found.order_id : null,
  };
}
