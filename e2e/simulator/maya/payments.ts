import type { Customer } from './customers.ts';
import { json, type Outcome } from './reply.ts';

/** `at`, the call's number in the log, and what it was answered. */
export type ExecuteRecord = { at: number; number: number; requestReferenceNumber: string; answer: string };

export type Payment = {
  id: string;
  customerId: string;
  p2mId: string;
  /** Of the create call. */
  requestReferenceNumber: string;
  amountCentavos: number;
  state: 'CREATED' | 'APPROVED' | 'DECLINED';
  /** Why it was declined. */
  reason?: string;
  createdAt: number;
  updatedAt: number;
  expirySeconds: number;
  executes: ExecuteRecord[];
};

/** A payment as Maya Manager would show it. */
export type PaymentView = Omit<Payment, 'state'> & { status: Payment['state'] | 'EXPIRED' };

export const isExpired = (payment: Payment, now: number): boolean =>
  payment.state === 'CREATED' && now - payment.createdAt > payment.expirySeconds * 1_000;

export type Payments = ReturnType<typeof createPayments>;

export function createPayments() {
  const byId = new Map<string, Payment>();
  return {
    find: (id: string): Payment | undefined => byId.get(id),
    add: (payment: Payment): void => void byId.set(payment.id, payment),
    view(customer: Customer | undefined, now: number): PaymentView[] {
      const own = [...byId.values()].filter((payment) => !customer || payment.customerId === customer.id);
      return own.map(({ state, ...payment }) => ({
        ...payment,
        executes: payment.executes.map((execute) => ({ ...execute })),
        status: isExpired({ state, ...payment }, now) ? 'EXPIRED' : state,
      }));
    },
  };
}

const money = (payment: Payment) => ({ currency: 'PHP', value: payment.amountCentavos / 100 });

/** The fields both payment calls answer. */
export const paymentBody = (payment: Payment) => ({
  id: payment.id,
  p2mId: payment.p2mId,
  requestReferenceNumber: payment.requestReferenceNumber,
  amount: money(payment),
});

export const createdAnswer = (payment: Payment): Outcome =>
  json(200, {
    ...paymentBody(payment),
    status: 'CREATED',
    createdAt: new Date(payment.createdAt).toISOString(),
  });

/** Execute's answer with its result. */
export const executedAnswer = (payment: Payment): Outcome =>
  json(200, {
    ...paymentBody(payment),
    status: payment.state,
    ...(payment.reason ? { reason: payment.reason } : {}),
    updatedAt: new Date(payment.updatedAt).toISOString(),
  });
