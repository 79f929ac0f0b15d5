import type { Rail } from '../db/schema.ts';
import type { Db } from '../db/store.ts';
import { takenBy } from '../payments/taken.ts';
import { RETURN } from '../payments/tasks.ts';

/** A payment that a person has to look at, and why. */
export type ReviewRow = {
  paymentId: string;
  orderId: string;
  rail: Rail;
  state: string;
  reason: string | null;
  /** What to give back is what was taken, which need not be the order's sum; `null`: in no pesos, or nobody named it. */
  amountCentavos: number | null;
  /** The provider's payment id, to look it up with. */
  providerId: string | null;
  openedAtMs: number;
  /** `decide`: nobody knows the outcome. `return`: the customer was charged twice. `check`: believed on PY0010. */
  todo: 'decide' | 'return' | 'check';
};

const SPOT_CHECKS = 50;

/** Everything that waits for a person, the oldest first; with `spotChecks` also the newest confirmed by `PY0010`. */
export async function listReview(db: Db, options: { spotChecks: boolean }): Promise<ReviewRow[]> {
  const columns = [
    'id',
    'order_id',
    'rail',
    'state',
    'reason',
    'amount_centavos',
    'provider_id',
    'opened_at',
  ] as const;
  const inReview = await db
    .selectFrom('payments')
    .select(columns)
    .where('state', '=', 'review')
    .orderBy('opened_at')
    .execute();
  const toReturn = await db
    .selectFrom('payments')
    .innerJoin('tasks', 'tasks.payment_id', 'payments.id')
    .selectAll('payments')
    .where('tasks.kind', '=', RETURN)
    .where('tasks.closed_at', 'is', null)
    .orderBy('payments.opened_at')
    .execute();
  const toCheck = options.spotChecks
    ? await db
        .selectFrom('payments')
        .select(columns)
        .where('confirmed_by', '=', 'PY0010')
        .where('state', '=', 'approved')
        .orderBy('opened_at', 'desc')
        .limit(SPOT_CHECKS)
        .execute()
    : [];
  const row =
    (todo: ReviewRow['todo']) =>
    (payment: (typeof inReview)[number]): ReviewRow => ({
      paymentId: payment.id,
      orderId: payment.order_id,
      rail: payment.rail,
      state: payment.state,
      reason: payment.reason,
      amountCentavos: payment.amount_centavos,
      providerId: payment.provider_id,
      openedAtMs: payment.opened_at,
      todo,
    });
  const returns = await Promise.all(
    toReturn.map(async (payment) => {
      const { amountCentavos } = await takenBy(db, payment);
      return { ...row('return')(payment), amountCentavos };
    }),
  );
  return [...inReview.map(row('decide')), ...returns, ...toCheck.map(row('check'))];
}
