import type { Payment } from './payments/payment.ts';
import type { Wallet } from './wallets.ts';

export type EcommpayDebit = {
  number: number;
  at: number;
  paymentId: string;
  operationId: number;
  /** The merchant's id of the customer. */
  customer: string;
  /** Whose wallet it left. */
  wallet: string;
  amountCentavos: number;
  /** What the wallet held then. */
  balanceAfterCentavos: number;
};

export type EcommpayPayout = {
  number: number;
  at: number;
  paymentId: string;
  operationId: number;
  customer: string;
  account: string;
  amountCentavos: number;
  balanceAfterCentavos: number;
};

export type Ledger = ReturnType<typeof createLedger>;

/** The truth of this rail: what really left a wallet for which payment, and what was really paid out to whom. Only ever added to. */
export function createLedger() {
  const debits: EcommpayDebit[] = [];
  const payouts: EcommpayPayout[] = [];
  return {
    debit(payment: Payment, operationId: number, wallet: Wallet, amountCentavos: number, at: number): void {
      debits.push({
        number: debits.length + 1,
        at,
        paymentId: payment.id,
        operationId,
        customer: payment.customerId,
        wallet: wallet.id,
        amountCentavos,
        balanceAfterCentavos: wallet.balanceCentavos,
      });
    },
    payOut(payment: Payment, operationId: number, balanceAfterCentavos: number, at: number): void {
      payouts.push({
        number: payouts.length + 1,
        at,
        paymentId: payment.id,
        operationId,
        customer: payment.customerId,
        account: payment.account?.number ?? '',
        amountCentavos: payment.sum.amount,
        balanceAfterCentavos,
      });
    },
    paidOut: (): number => payouts.reduce((sum, { amountCentavos }) => sum + amountCentavos, 0),
    debits: (): EcommpayDebit[] => debits.map((debit) => ({ ...debit })),
    payouts: (): EcommpayPayout[] => payouts.map((payout) => ({ ...payout })),
  };
}
