/** Registrations of tokens or of recurring payments, and whatever else speaks of no payment: taken, and ignored. */
export type WithoutPaymentCallback = { kind: 'without_payment' };

export const WITHOUT_PAYMENT: WithoutPaymentCallback = { kind: 'without_payment' };
