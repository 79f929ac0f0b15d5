import type { Customer } from './customers.ts';
import type { Payment } from './payments.ts';

export type Debit = {
  number: number;
  at: number;
  customer: string;
  paymentId: string;
  amountCentavos: number;
  /** Of the create call, as Maya's own statements would carry it. */
  requestReferenceNumber: string;
  balanceAfterCentavos: number;
};

export type Ledger = ReturnType<typeof createLedger>;

/** The truth: what really left whose wallet. Entries are only ever added. */
export function createLedger() {
  const debits: Debit[] = [];
  return {
    /** Takes the payment's amount out of the wallet, or does nothing and says false if it is not there. */
    debit(customer: Customer, payment: Payment, at: number): boolean {
      if (customer.balanceCentavos < payment.amountCentavos) return false;
      customer.balanceCentavos -= payment.amountCentavos;
      debits.push({
        number: debits.length + 1,
        at,
        customer: customer.id,
        paymentId: payment.id,
        amountCentavos: payment.amountCentavos,
        requestReferenceNumber: payment.requestReferenceNumber,
        balanceAfterCentavos: customer.balanceCentavos,
      });
      return true;
    },
    debits: (customer?: Customer): Debit[] =>
      debits.filter((debit) => !customer || debit.customer === customer.id).map((debit) => ({ ...debit })),
  };
}
