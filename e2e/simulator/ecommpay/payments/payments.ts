import { type Payment, type PaymentView, viewOf } from './payment.ts';

export type Payments = ReturnType<typeof createPayments>;

/** Sales and payouts, which share their ids. */
export function createPayments() {
  const byId = new Map<string, Payment>();
  return {
    find: (id: string): Payment | undefined => byId.get(id),
    withToken: (token: string): Payment | undefined =>
      [...byId.values()].find((payment) => payment.type === 'purchase' && payment.token === token),
    add: (payment: Payment): void => void byId.set(payment.id, payment),
    all: (): Payment[] => [...byId.values()],
    view: (filter: { customer?: string | undefined; payment?: string | undefined }): PaymentView[] =>
      [...byId.values()]
        .filter(
          ({ id, customerId }) =>
            (!filter.customer || customerId === filter.customer) &&
            (!filter.payment || id === filter.payment),
        )
        .map(viewOf),
  };
}
