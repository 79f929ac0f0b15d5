import type { Db } from '../db/store.ts';
import { loadEvents, type PaymentRow } from './payment.ts';
import { factsOf } from './verdict.ts';

/** A payment that took money. */
export type Taken = {
  payment: PaymentRow;
  /** What was taken; `null` where the provider named no sum in pesos. */
  amountCentavos: number | null;
  /** Whether that is settled; else a person is still looking. */
  isCertain: boolean;
};

type OfSum = Pick<PaymentRow, 'id' | 'amount_centavos' | 'confirmed_by'>;

/** What a payment took, as far as anybody said. */
export async function takenBy(db: Db, payment: PaymentRow): Promise<Taken> {
  if (payment.state === 'approved')
    return { payment, amountCentavos: await paidCentavos(db, payment), isCertain: true };
  const success = await toldSuccess(db, payment.id);
  return { payment, amountCentavos: success ? pesosOf(success) : null, isCertain: false };
}

/**
 * What an approved payment took: the provider's approval is of our sum, but a person may have accepted another one.
 *
 * @returns `null` where that was in another currency
 */
export async function paidCentavos(db: Db, payment: OfSum): Promise<number | null> {
  if (payment.confirmed_by !== 'staff') return payment.amount_centavos;
  const success = await toldSuccess(db, payment.id);
  // A person may decide that money was taken where nobody said so, and that a sum that nobody named is ours.
  return success && success.currency !== null ? pesosOf(success) : payment.amount_centavos;
}

type Success = { amount: number | null; currency: string | null };

const pesosOf = ({ amount, currency }: Success) => (currency === 'PHP' ? amount : null);

async function toldSuccess(db: Db, paymentId: string): Promise<Success | undefined> {
  const events = await loadEvents(db, paymentId);
  return (
    [...factsOf(events, 'callback_said'), ...factsOf(events, 'status_said')]
      .map((fact) => fact.said)
      // Of another project or of a payout it says nothing about this customer's money.
      .find(
        ({ reading, differs }) =>
          reading === 'success' && !differs.includes('project') && !differs.includes('type'),
      )
  );
}
