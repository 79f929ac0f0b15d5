import type { Code } from '../codes.ts';
import type { Scenario } from '../scenarios/scenario.ts';

export type Sum = { amount: number; currency: string };

export type Status =
  | 'processing'
  | 'awaiting redirect result'
  | 'awaiting customer'
  | 'awaiting clarification'
  | 'internal error'
  | 'error'
  | 'success'
  | 'decline';

export type Operation = {
  id: number;
  type: 'sale' | 'payout' | 'manual change';
  status: Status;
  createdAt: number;
  date: number;
  requestId: string;
  /** Unset while it runs. */
  code?: Code;
  sum: Sum;
  converted: Sum;
  provider?: { id: number; paymentId: string };
};

/** Where a customer is sent afterwards. */
export type Links = {
  success?: string | undefined;
  decline?: string | undefined;
  /** Whatever came of it. */
  back?: string | undefined;
  /** At once, without a button. */
  automatic?: boolean;
};

export type Payment = {
  /** The merchant's. */
  id: string;
  type: 'purchase' | 'payout';
  through: 'page' | 'gate';
  /** The merchant's. */
  customerId: string;
  email: string;
  sum: Sum;
  description: string;
  status: Status;
  createdAt: number;
  date: number;
  operations: Operation[];
  links: Links;
  callbackUrl: string;
  callbackDelayMs: number;
  /** Of the registering call. */
  requestId: string;
  /** What the registering call carried, without its signature. */
  asked: string;
  account?: { number: string; customerName: string } | undefined;
  /** Whether the merchant surely knows that it was taken. */
  answerDelivered: boolean;
  /** In the address of the wallet's page. */
  token: string;
  /** Whether the wallet has heard yes or no for the newest operation. */
  decided: boolean;
  /** Whose wallet it was paid from. */
  wallet?: string;
  scenario?: Scenario | undefined;
};

export const isFinal = ({ status }: Pick<Payment, 'status'>): boolean =>
  status === 'success' || status === 'decline';

export function newest(payment: Payment): Operation {
  const operation = payment.operations.at(-1);
  if (!operation) throw new Error('A payment has an operation');
  return operation;
}

/** A payment as the Dashboard would show it. */
export type PaymentView = Omit<Payment, 'scenario' | 'asked' | 'token' | 'decided' | 'answerDelivered'> & {
  scenario: string | null;
};

export function viewOf(payment: Payment): PaymentView {
  const { scenario, asked, token, decided, answerDelivered, ...shown } = payment;
  return { ...structuredClone(shown), scenario: scenario?.name ?? null };
}
