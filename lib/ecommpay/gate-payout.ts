import { z } from 'zod';
import { CURRENCY } from '../base/money.ts';
import { type AcceptOutcome, readAccepted } from './accepted.ts';
import { type EcommpayApi, type EcommpaySettings, GATE_METHOD, isWithin } from './api.ts';
import { callGate } from './gate-call.ts';
import { checked, sendable, sendableId, sendableUrl } from './request-values.ts';

/** Money to a customer's wallet. A repeat of it sends the same body. */
export type GatePayout = {
  paymentId: string;
  amountCentavos: number;
  /** The same as in the customer's earlier sale (contract 12.3). */
  customerId: string;
  ipAddress: string;
  /** `09` and nine digits; text, for its zero counts. */
  accountNumber: string;
  /** Full name. */
  customerName: string;
  callbackUrl: string;
};

const accountNumber = z.string().regex(/^09\d{9}$/);

/** A PayMaya account's number (contract 5). */
export const isAccountNumber = (text: string): boolean => accountNumber.safeParse(text).success;

/**
 * `POST /v2/payment/wallet/paymaya/payout` (contract 5). The caller has recorded the attempt before.
 *
 * @throws RequestError before anything is sent
 */
export function sendGatePayout(api: EcommpayApi, payout: GatePayout): Promise<AcceptOutcome> {
  const parameters = gatePayoutParameters(api.settings, payout);
  return callGate(api, 'gate_payout', `/v2/payment/${GATE_METHOD}/payout`, parameters, (answer) =>
    readAccepted(answer, payout.paymentId),
  );
}

/** The request's body without project and signature. @throws RequestError where it must not be sent */
export function gatePayoutParameters(settings: EcommpaySettings, payout: GatePayout) {
  return checked(parametersSchema(settings), {
    general: { payment_id: payout.paymentId, merchant_callback_url: payout.callbackUrl },
    payment: { amount: payout.amountCentavos, currency: CURRENCY },
    customer: { id: payout.customerId, ip_address: payout.ipAddress },
    account: { number: payout.accountNumber, customer_name: payout.customerName },
  });
}

const parametersSchema = ({ payout }: EcommpaySettings) =>
  z.object({
    general: z.object({ payment_id: sendableId, merchant_callback_url: sendableUrl }),
    payment: z.object({
      amount: z.int().refine((amount) => isWithin(payout, amount)),
      currency: z.literal(CURRENCY),
    }),
    customer: z.object({ id: sendableId, ip_address: z.union([z.ipv4(), z.ipv6()]) }),
    account: z.object({ number: accountNumber, customer_name: sendable(255) }),
  });
